"""Tests of accounts, sign-in, sessions, roles and rules."""
