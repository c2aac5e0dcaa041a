"""Tests of what people do with integration agreements."""
