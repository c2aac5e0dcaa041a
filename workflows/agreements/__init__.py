"""Vereinbarungen: what people do with integration agreements, from the draft to the end."""
