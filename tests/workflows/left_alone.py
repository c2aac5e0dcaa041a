"""Work of `test_background` that ends only when it is left; with ``begin``: who begins it, until told to.

The work itself says that it has begun: a beginner that is killed before has handed nothing over.
"""

import sys
import time

from workflows.background import begin_elsewhere, given_desk, is_left
from workflows.planning_runs.runs import fail_run

if __name__ == "__main__":
    with given_desk(sys.stdin.readline()) as (desk, run_id):
        if "begin" in sys.argv:
            begin_elsewhere(__spec__.name, desk, run_id, fail_run)
            sys.stdin.readline()
        else:
            print("begun", flush=True)
            while not is_left():
                time.sleep(0.01)
            fail_run(desk, run_id, "left alone")
