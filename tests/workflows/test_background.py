"""Work in a process of its own: whoever began it may go at any time, and neither waits for the other."""

import signal
import subprocess
import sys
import time

import pytest

from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place_of_processes
from workflows.background import written_desk
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.runs import start_run
from workflows.planning_runs.watching import read_run

PATIENCE_SECONDS = 60


@pytest.fixture
def place(make_url):
    with a_place_of_processes(make_url("sqlite")) as place:
        yield place


@pytest.mark.parametrize("how", [None, signal.SIGTERM, signal.SIGKILL])
def test_who_began_work_ends_without_it_and_the_work_ends_then(place, how):
    run_id = start_run(place.planner(), REGION, RunSettings(time_limit_seconds=PATIENCE_SECONDS))
    command = [sys.executable, "-m", "tests.workflows.left_alone", "begin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as beginner:
        beginner.stdin.write(f"{written_desk(place.planner(), run_id)}\n")
        beginner.stdin.flush()
        assert beginner.stdout.readline() == "begun\n"
        assert read_run(place.planner(), run_id)["state"] == "running"
        if how:
            beginner.send_signal(how)
        else:
            beginner.stdin.write("go\n")
            beginner.stdin.flush()
        assert beginner.wait(PATIENCE_SECONDS) == -(how or 0)
    until = time.monotonic() + PATIENCE_SECONDS
    while (run := read_run(place.planner(), run_id))["state"] == "running":
        assert time.monotonic() < until, "it goes on though nobody is there"
        time.sleep(0.05)
    assert run["summary"] == {"failed": "left alone"}
