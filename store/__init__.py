"""Gedächtnis: what is remembered: tables, transactions, seats, secrets, audit and backups."""
