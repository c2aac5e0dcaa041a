"""Einspielen: partner files are uploaded, looked over line by line, applied, and undone."""

from web.desk.imports.pages import blueprint as blueprint
