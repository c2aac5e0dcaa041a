"""Vermittlungen: what people do with referrals, from the draft over the held seat to the end."""
