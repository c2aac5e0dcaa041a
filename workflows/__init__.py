"""Abläufe: what people do with the product, across the rooms; each function is one thing somebody wants done."""
