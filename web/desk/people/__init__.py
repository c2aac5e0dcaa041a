"""Meine Personen: whom a counsellor looks after, and what is due today."""

from web.desk.people.pages import blueprint as blueprint
