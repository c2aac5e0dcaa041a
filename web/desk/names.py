"""Bezeichnungen: roles and actions by the words that the store keeps of them."""

from __future__ import annotations

from plans.actions import Action
from plans.roles import Role
from plans.words import words as term_words
from workflows.wording import Words


def role_name(role: str, words: Words) -> str:
    """Name a role."""
    return term_words(Role(role), words.lang)


def action_name(action: str, words: Words) -> str:
    """Name what an entry of the audit says was done; what has no name stays as it is."""
    if action in tuple(Action):
        return term_words(Action(action), words.lang)
    return words.label("desk.audit.act", action)
