"""Tests, ordered like the rooms."""
