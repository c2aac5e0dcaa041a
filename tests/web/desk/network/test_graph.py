"""The graph and its table hold the same: every actor and offering, every link, every weak point."""

from __future__ import annotations

import re

from plans.roles import Role
from tests.web.desk.conftest import Office

AT = "/netz/musterkreis/graph"


def test_the_data_hold_every_node_once_and_edges_between_known_nodes(town: Office) -> None:
    data = town.signed_in(Role.PLANNER).get(f"{AT}/daten").json
    ids = [node["data"]["id"] for node in data["nodes"]]
    assert len(ids) == len(set(ids))
    assert {"actor:vhs", "actor:schule", "offering:bv", "offering:offering-abend"} <= set(ids)
    for edge in data["edges"]:
        assert {edge["data"]["source"], edge["data"]["target"]} <= set(ids)
    offers = {
        (e["data"]["source"], e["data"]["target"]) for e in data["edges"] if e["data"]["is"] == "offers"
    }
    assert ("actor:schule", "offering:bv") in offers


def test_stages_stand_from_left_to_right_and_no_two_nodes_on_each_other(town: Office) -> None:
    nodes = town.signed_in(Role.PLANNER).get(f"{AT}/daten").json["nodes"]
    places = [(node["position"]["x"], node["position"]["y"]) for node in nodes]
    assert len(places) == len(set(places))
    x = {node["data"]["id"]: node["position"]["x"] for node in nodes}
    assert x["stage:access"] < x["stage:course"] < x["stage:job"]
    assert x["offering:offering-abend"] == x["stage:course"]


def test_weak_points_are_marked_in_the_drawing_and_in_the_table(town: Office) -> None:
    visitor = town.signed_in(Role.PLANNER)
    marks = {n["data"]["id"]: n["data"].get("marks") for n in visitor.get(f"{AT}/daten").json["nodes"]}
    assert "single" in marks["offering:bv"] and "isolated" in marks["actor:schule"]
    row = next(row for row in re.split(r"<tr", visitor.get(AT).text) if "Schule Beispielhausen" in row)
    assert "einziger Anbieter" in row and "ohne Kooperation" in row
