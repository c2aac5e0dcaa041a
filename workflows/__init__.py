"""Abläufe: what people do with the product, across the rooms; one function is one thing to get done."""
