"""Planungsläufe: a region's store becomes a planning problem, the plan becomes proposals, people decide."""
