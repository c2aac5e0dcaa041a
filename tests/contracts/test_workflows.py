"""What people do is a declared workflow with a permission and an entry in the audit; nothing else changes."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import workflows
from plans.actions import Action
from workflows.acting import DECLARED

FOLDER = Path(workflows.__file__).parent

WITHOUT_A_ROLE = {
    "access/own_account.py": "the own password and second factor: token and password are the permission",
    "access/sessions.py": "the own sessions: the token is the permission",
    "access/sign_in.py": "a sign-in: nobody has a role yet",
    "acting.py": "opens the unit of every workflow",
    "operations.py": "keys belong to whoever may read their file",
}
"""Where a unit of work is opened by hand, and why; everything else is a declared workflow."""


def opens_a_unit(path):
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return any(getattr(call.func, "id", "") == "UnitOfWork" for call in calls)


def test_units_of_work_are_opened_by_declared_workflows_only():
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.py") if opens_a_unit(path)}
    assert found == set(WITHOUT_A_ROLE)


def test_a_unit_of_work_opened_elsewhere_would_be_found(tmp_path):
    """Control of the test before."""
    (tmp_path / "secret.py").write_text("with UnitOfWork(store, actor=me, purpose='x') as unit:\n    pass\n")
    assert opens_a_unit(tmp_path / "secret.py")


def from_to(first, last):
    """The actions from one to another, in the order of ``plans/actions.py``."""
    order = list(Action)
    return set(order[order.index(first) : order.index(last) + 1])


ACTIONS_OF = {
    "the network of a region": from_to(Action.READ_NETWORK, Action.UNDO_IMPORT),
    "households and help plans": from_to(Action.ANNOUNCE_HOUSEHOLD, Action.DEVIATE_FROM_PLACEMENT),
    "agreements": from_to(Action.READ_AGREEMENT, Action.END_AGREEMENT),
    "sheets for clients": {Action.PRINT_SHEET},
    "consents": from_to(Action.GIVE_CONSENT, Action.PREVIEW_DISCLOSURE),
    "referrals": from_to(Action.DRAFT_REFERRAL, Action.LIST_PARTICIPANTS),
    "planning": from_to(Action.RUN_PLANNING, Action.LIST_PROPOSALS) | {Action.SUGGEST_SLOTS},
    "decisions on proposals": {Action.ACCEPT_PROPOSAL, Action.DECLINE_PROPOSAL},
    "figures and the reference process": from_to(Action.READ_FIGURES, Action.EDIT_PROCESS),
    "accounts, roles and rules": from_to(Action.CREATE_REGION, Action.EDIT_RULES) | {Action.INVITE_PARTNER},
    "privacy": from_to(Action.ERASE_PERSON, Action.ANSWER_ACCESS_REQUEST),
    "audit and operations": from_to(Action.READ_AUDIT, Action.RESTORE),
}
"""Every action once, by what it belongs to."""

FINISHED = (
    "the network of a region",
    "households and help plans",
    "agreements",
    "sheets for clients",
    "consents",
    "referrals",
    "planning",
    "decisions on proposals",
    "accounts, roles and rules",
    "privacy",
    "audit and operations",
)
"""What can be done by now; whoever finishes another part adds it."""


def declared_actions():
    for module in pkgutil.walk_packages(workflows.__path__, "workflows."):
        importlib.import_module(module.name)
    return {one.action for name, one in DECLARED.items() if name.startswith("workflows.")}


def test_every_action_belongs_to_one_part():
    assert sorted(action for part in ACTIONS_OF.values() for action in part) == sorted(Action)


@pytest.mark.parametrize("part", FINISHED)
def test_every_action_of_a_finished_part_is_a_workflow_or_a_question(part):
    assert ACTIONS_OF[part] - declared_actions() == set()
