"""Bezeichnungen: roles and actions by the words that the store keeps of them."""

from __future__ import annotations

from plans.actions import Action
from plans.roles import Role
from plans.words import words as term_words
from workflows.wording import Words


def role_name(role: str, words: Words) -> str:
    """Name a role."""
    return term_words(Role(role), words.lang)


OBJECT_KINDS = (
    *("account", "agreement", "answer_link", "appointment", "consent", "cooperation", "goal", "help_plan"),
    *("household", "import_run", "installation", "need", "offering", "organisation", "person", "placement"),
    *("planning_run", "proposal", "reckoning", "referral", "region", "role_grant", "rule_set", "slot_group"),
    "waiting_list_entry",
)
"""What entries of the audit are about."""


def object_kinds(words: Words) -> dict[str, str]:
    """Names of what entries of the audit are about, by the kind as the store calls it, in their order."""
    named = ((kind, words.label("desk.audit.of", kind)) for kind in OBJECT_KINDS)
    return dict(sorted(named, key=lambda one: one[1].lower()))


def action_name(action: str, words: Words) -> str:
    """Name what an entry of the audit says was done; what has no name stays as it is."""
    if action in tuple(Action):
        return term_words(Action(action), words.lang)
    return words.label("desk.audit.act", action)
