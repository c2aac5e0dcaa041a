"""Tests that guard the house: who may import whom, and what no file may hold."""
