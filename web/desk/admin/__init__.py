"""Verwaltung: accounts and their roles, organisations, and the dated rules with their sources."""

from web.desk.admin import account, accounts, organisations, rules
from web.desk.admin.frame import blueprint

__all__ = ["account", "accounts", "blueprint", "organisations", "rules"]
