"""Integrationsvereinbarung: drafted with the household, signed, reviewed, amended, ended; and as a sheet."""

from web.desk.agreements.pages import blueprint

__all__ = ["blueprint"]
