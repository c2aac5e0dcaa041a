"""Vermitteln: the best slots for a step, what the recipient would see, a seat asked for in one click."""

from web.desk.referrals import proposals
from web.desk.referrals.pages import blueprint

__all__ = ["blueprint", "proposals"]
