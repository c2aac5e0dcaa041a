"""Vorführung: the main job told in words, and a store filled with a fictional region and year."""
