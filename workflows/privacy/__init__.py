"""Datenschutz: erase a person, keep data no longer than the rules allow, say what is held about somebody."""
