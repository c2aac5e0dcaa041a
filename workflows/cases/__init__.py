"""Fälle: what people do with households and help plans, from the notice before arrival to the closure."""
