"""Abfragen: what is read of several tables at once; one topic a file, each query by index."""
