"""What people do is a declared workflow with a permission and an entry in the audit; nothing else changes."""

import ast
from pathlib import Path

import workflows

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
