"""Tests of what people do with households and help plans."""
