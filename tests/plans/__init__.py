"""Tests of the help plans."""
