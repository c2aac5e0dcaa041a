"""Reference files that stand beside a checkout, for the tests that compare with them."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLANNING = ROOT.parent / "shared" / "planning"


def reference(name: str) -> Path:
    """A file or folder of ``../shared/planning``; the test is skipped without it, and fails where CI=true."""
    path = PLANNING / name
    if not path.exists():
        reason = f"../shared/planning/{name} is not there"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def independent_check() -> ModuleType:
    """The reference reading of the planning problem, ``check_plan.py``, as a module."""
    spec = importlib.util.spec_from_file_location("check_plan", reference("check_plan.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
