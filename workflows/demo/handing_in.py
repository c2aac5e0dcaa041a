"""Einspielungen der Vorführung: what partners hand in, applied, taken back, or only looked at."""

from __future__ import annotations

from typing import Any

from plans.roles import Role
from store import tables as t
from workflows.acting import Desk
from workflows.demo.lives import World
from workflows.demo.program import Program
from workflows.demo.simulation import Simulation
from workflows.demo.staff import PROVIDER
from workflows.demo.supply import Supply
from workflows.partners.imports import apply_import, preview_import, undo_import

MORE_SEATS_BEFORE_DAYS, FULL_BEFORE_DAYS, TAKEN_BACK_BEFORE_DAYS, LOOKED_AT_BEFORE_DAYS = 60, 50, 21, 1
COURSE = "integration-course"
PARTNER, CARELESS_PARTNER = "lingua", "wortwerk"


def bring_in(
    simulation: Simulation,
    supply: Supply,
    desk: Desk,
    files: dict[str, bytes],
    organisation: str | None = None,
) -> dict[str, Any]:
    """Look over partner files and apply them; the answer is that of `apply_import`.

    Raises
    ------
    RuntimeError
        Where the files of the project are faulty.
    """
    preview = preview_import(desk, simulation.region_id, files, organisation)
    if preview["problems"]:
        raise RuntimeError(preview["problems"][0]["text"]["en"])
    applied = apply_import(desk, preview["import_id"], preview["version"])
    supply.read_again()
    return applied


class HandingIn:
    """Einliefern: lets the region and its partners hand in their files.

    Parameters
    ----------
    world : World
        Whose region.
    program : Program
        What there is to hand in.
    """

    def __init__(self, world: World, program: Program) -> None:
        self.world, self.program, self.simulation = world, program, world.simulation

    def plan(self, days: int) -> None:
        """Put every import on the agenda of a simulation of so many days."""
        simulation = self.simulation
        simulation.after(days // 2, self._next_program)
        simulation.before_end(MORE_SEATS_BEFORE_DAYS, self._have_more_seats)
        simulation.before_end(FULL_BEFORE_DAYS, self._fill_the_next_group)
        simulation.before_end(TAKEN_BACK_BEFORE_DAYS, self._take_back)
        simulation.before_end(LOOKED_AT_BEFORE_DAYS, self._look_at)

    def _next_program(self) -> None:
        self._apply(self.program.next_files(self.simulation.today))

    def _have_more_seats(self) -> None:
        """A partner has more seats in its groups, and gives up the last of them."""
        self._of_partner(PARTNER, 1, without_last=True)

    def _fill_the_next_group(self) -> None:
        """The provider has given all seats of its next course to people who came by themselves."""
        provider_id = self.world.staff.organisation_id(PROVIDER)
        offerings = self.simulation.rows(t.offering, organisation_id=provider_id, kind=COURSE)
        groups = self.simulation.rows(
            t.slot_group,
            t.slot_group.c.offering_id.in_([one["id"] for one in offerings]),
            t.slot_group.c.start_on > self.simulation.end_on,
            order_by=t.slot_group.c.start_on,
        )
        booked = {one["key"]: one["seats"] - one["taken"] for one in groups[:1]}
        self._of_partner(PROVIDER, 0, booked=booked)

    def _of_partner(self, organisation: str, more_seats: int, **more: Any) -> dict[str, Any]:
        files = self.program.files_of(organisation, self.simulation.today, more_seats, **more)
        return self._apply(files, organisation)

    def _take_back(self) -> None:
        """A partner has sent wrong figures."""
        applied = self._of_partner(CARELESS_PARTNER, 2)
        undo_import(self._coordinator, applied["import_id"], applied["version"])
        self.world.supply.read_again()

    def _look_at(self) -> None:
        """The provider has sent new figures; nobody has applied them yet."""
        files = self.program.files_of(PROVIDER, self.simulation.today, 2)
        desk = self.world.staff.of_role(Role.PROVIDER)
        preview_import(desk, self.simulation.region_id, files, PROVIDER)

    def _apply(self, files: dict[str, bytes], organisation: str | None = None) -> dict[str, Any]:
        return bring_in(self.simulation, self.world.supply, self._coordinator, files, organisation)

    @property
    def _coordinator(self) -> Desk:
        return self.world.staff.of_role(Role.COORDINATOR)
