"""Hilfepläne: what a person needs and agreed, from household and analysis to dated needs."""
