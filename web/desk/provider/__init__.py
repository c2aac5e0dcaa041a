"""Eingang: what a provider does: answer referrals, keep seats and dates current, see who takes part."""

from web.desk.provider import by_link, groups
from web.desk.provider.incoming import blueprint

__all__ = ["blueprint", "by_link", "groups"]
