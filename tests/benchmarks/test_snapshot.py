"""The benchmark of snapshots, on a small county."""

from benchmarks import snapshot


def test_a_small_county_becomes_a_planning_problem_in_few_selects(tmp_path):
    found = snapshot.measure("SQLite", f"sqlite:///{tmp_path}/region.db", tmp_path, people=12)
    assert found.stored.people == 12 < found.stored.needs
    assert found.selects <= 12
    assert 0 < found.reading + found.tables + found.problem <= found.slowest + found.reading
    assert found.row().startswith("| SQLite | 12 | ")
