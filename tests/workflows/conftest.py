"""Every test of the workflows that asks for ``store`` runs on SQLite and on a real PostgreSQL."""

from tests.databases import *  # noqa: F403
