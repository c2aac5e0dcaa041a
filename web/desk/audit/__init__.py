"""Protokoll: who saw and changed what; search, verification, export."""

from web.desk.audit.pages import blueprint as blueprint
