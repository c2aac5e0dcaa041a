"""Every test of the store that asks for ``store`` or ``engine`` runs on SQLite and on a real PostgreSQL."""

from tests.databases import *  # noqa: F403
