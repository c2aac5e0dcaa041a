"""Personal der Vorführung: one account a role for whoever tries it, and colleagues who cannot sign in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from plans.roles import Grant, Role
from plans.rules import standard_rules
from workflows.access import passwords
from workflows.access.accounts import NewAccount, create_account
from workflows.access.regions import organisation_of_key
from workflows.access.rule_sets import load_rule_file
from workflows.acting import Caller, Desk
from workflows.demo.simulation import Simulation

OFFICE, PROVIDER = "kim", "vhs"
"""Where the demo's own counsellor and provider work."""

OTHER_OFFICES = ("mbe-stadt", "mbe-nord")
PURPOSE = "counselling"
COLLEAGUES = ("Carla Muster", "Denis Muster", "Elif Muster", "Frauke Muster", "Goran Muster", "Hanna Muster")
DEMO_SOURCE = "Demo store: fictional people only, served on the own machine only"
NAMES = {
    Role.COUNSELLOR: "Beate Muster",
    Role.PROVIDER: "Viktor Muster",
    Role.COORDINATOR: "Konrad Muster",
    Role.PLANNER: "Paula Muster",
    Role.ADMINISTRATOR: "Adam Muster",
    Role.AUDITOR: "Rita Muster",
}
ORGANISATIONS = {
    Role.COUNSELLOR: OFFICE,
    Role.PROVIDER: PROVIDER,
    Role.COORDINATOR: OFFICE,
    Role.PLANNER: OFFICE,
}
FOR_ALL_REGIONS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class DemoAccount:
    """Zugang: one account for whoever tries the product.

    Parameters
    ----------
    role : Role
        What it may do.
    login_name, password : str
        To sign in with; the password is shown once.
    display_name : str
        Name for people.
    """

    role: Role
    login_name: str
    display_name: str
    password: str

    def __repr__(self) -> str:
        return f"DemoAccount({self.login_name})"


class Staff:
    """Personal: whoever acts in the simulation, each from a desk with the role held.

    Parameters
    ----------
    simulation : Simulation
        Where they act; the region and its organisations are there.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._desks: dict[str, Desk] = {}
        self._organisations: dict[str, str] = {}
        self._let_a_password_do()
        self.accounts = tuple(self._demo_account(role) for role in Role)

    def organisation_id(self, key: str) -> str:
        """Return the id of an organisation by its key in the partner files."""
        if key not in self._organisations:
            simulation = self.simulation
            found = organisation_of_key(simulation.machine, simulation.region_id, key)
            self._organisations[key] = found
        return self._organisations[key]

    def of_role(self, role: Role) -> Desk:
        """Return the desk of the demo's own account of a role."""
        return self._desks[role.value]

    def counsellor(self, office: str, number: int) -> Desk:
        """Return the desk of one of the counsellors of an office; number 0 at `OFFICE` is the demo's own."""
        if (office, number) == (OFFICE, 0):
            return self.of_role(Role.COUNSELLOR)
        name = COLLEAGUES[(len(office) + number) % len(COLLEAGUES)]
        return self._colleague(Role.COUNSELLOR, office, f"{office}.counsellor-{number + 1}", name)

    @property
    def counsellors(self) -> tuple[Desk, ...]:
        """The desks of all counsellors so far."""
        return tuple(desk for desk in self._desks.values() if desk.caller.grants[0].role is Role.COUNSELLOR)

    def provider(self, organisation: str) -> Desk:
        """Return the desk of whoever answers for an organisation, by its key."""
        if organisation == PROVIDER:
            return self.of_role(Role.PROVIDER)
        name = COLLEAGUES[len(organisation) % len(COLLEAGUES)]
        return self._colleague(Role.PROVIDER, organisation, f"{organisation}.provider", name)

    def _colleague(self, role: Role, organisation: str, login_name: str, name: str) -> Desk:
        if login_name not in self._desks:
            self._open(NewAccount(login_name, name, role, self.simulation.region_id, organisation), None)
        return self._desks[login_name]

    def _demo_account(self, role: Role) -> DemoAccount:
        region_id = None if role in FOR_ALL_REGIONS else self.simulation.region_id
        new = NewAccount(role.value, NAMES[role], role, region_id, ORGANISATIONS.get(role))
        password = passwords.temporary()
        self._open(new, password)
        return DemoAccount(role, new.login_name, new.display_name, password)

    def _open(self, new: NewAccount, password: str | None) -> None:
        """Make an account whose organisation is named by its key, and its desk."""
        key = new.organisation_id
        new = replace(new, organisation_id=None if key is None else self.organisation_id(key))
        id = create_account(self.simulation.machine, new, password)
        grant = Grant(new.role, id, new.region_id, new.organisation_id)
        caller = Caller(new.display_name, id, (grant,))
        self._desks[new.login_name] = Desk(self.simulation.store, caller, PURPOSE)

    def _let_a_password_do(self) -> None:
        """Ask nobody for a second factor: by a dated rule with its source, as an office would set one."""
        on = self.simulation.today
        rules = "".join(_one_proof(role, on) for role in Role)
        load_rule_file(self.simulation.machine, rules, "demo.toml", None, on, DEMO_SOURCE)


def _one_proof(role: Role, on: date) -> str:
    rule = standard_rules().rule(f"sign-in-proofs-{role}", on)
    return "\n".join(
        (
            "[[rule]]",
            f'key = "{rule.key}"',
            "value = 1",
            f'unit = "{rule.unit}"',
            f"valid_from = {on}",
            'basis = "assumption"',
            f'source = "{DEMO_SOURCE}"',
            f'label_de = "{rule.label_de}"',
            f'label_en = "{rule.label_en}"',
            "",
        )
    )
