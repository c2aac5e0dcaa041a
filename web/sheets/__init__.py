"""Blätter zum Mitgeben: client sheet and agreement as accessible PDF, German beside another language."""
