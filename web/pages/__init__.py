"""The pages, one module for each user: network (coordinator), people (counsellor), gaps (planner)."""
