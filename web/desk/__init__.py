"""Schreibtisch: the pages that people use every day, over a store and behind a sign-in."""
