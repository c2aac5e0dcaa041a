"""Einwilligungen: what people do with consents, and what a recipient is shown because of them."""
