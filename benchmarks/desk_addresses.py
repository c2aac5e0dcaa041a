"""Which addresses of the desk are opened to measure a page: one for each time, of another person or thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from benchmarks.office_rows import KINDS, OFFERINGS, REGION, answerer, counsellor, group, provider, slot_row
from benchmarks.stored_lists import Large
from benchmarks.stored_pages import AGREEMENTS, account_of, is_open
from plans.roles import Role
from store import tables as t
from store.unit_of_work import Agent, ReadingUnit, Store, UnitOfWork
from workflows.access.sessions import access_rules, begin_session, grants_of

NOT_OPENED = frozenset(
    (
        *("static", "health.show", "sign_in.next_step", "planning.progress", "network.graph_data"),
        *("planning.report_file", "planning.reckoning_progress", "by_link.show"),
        *("network.regions", "imports.regions", "planning.regions"),
        *("agreements.paper", "cases.sheet", "audit.export", "imports.export"),
        *("cases.goal", "cases.choosing", "cases.precondition", "imports.read"),
    )
)
"""Files and data, pages that lead on where there is one region, and what the written office has none of."""

ROLES = {
    "start": Role.COUNSELLOR,
    "provider": Role.PROVIDER,
    "network": Role.COORDINATOR,
    "imports": Role.COORDINATOR,
    "planning": Role.PLANNER,
    "admin": Role.ADMINISTRATOR,
    "audit": Role.AUDITOR,
}
"""Who opens the pages of a blueprint; a counsellor by default."""

_STRIDE = 37


@dataclass
class Addresses:
    """Adressen: values of addresses by number, and the sessions of who opens them.

    Parameters
    ----------
    store : Store
        Filled by `benchmarks.stored_pages.store_pages`.
    large : Large
        How much there is.
    """

    store: Store
    large: Large
    _tokens: dict[str, str] = field(default_factory=dict)

    def token(self, account_id: str) -> str:
        """The token of a session, as if password and code had been given."""
        if account_id not in self._tokens:
            with UnitOfWork(self.store, actor=Agent("benchmark"), purpose="sign in") as unit:
                row = unit.get(t.account, account_id)
                account = unit.change(
                    t.account, account_id, row["version"], totp_secret="A" * 32, totp_last_step=0
                )
                rules = access_rules(unit, unit.now)
                begun = begin_session(unit, account, grants_of(unit, account_id), rules, code_given=True)
                unit.describe("sign-in", "account", account_id)
                unit.commit()
            self._tokens[account_id] = begun.token
        return self._tokens[account_id]

    def person(self, number: int) -> int:
        """Number of a person whose help plan is open."""
        found = number * _STRIDE % self.large.households
        return found if is_open(found) else found - 1

    def values(self, endpoint: str, number: int) -> Mapping[str, str]:
        """Everything that an address of a page may name."""
        person = self.person(number)
        step = f"ned-{person:06d}-3"
        values = {
            **{"region_id": REGION, "key": provider(number), "table": "actors", "id": provider(number)},
            **{"person_id": f"per-{person:06d}", "step_id": step, "need_id": step, "run_id": "run-018"},
            "slot_id": f"slt-{person % self.large.groups:05d}",
            "account_id": counsellor(number),
        }
        return {**values, **_OWN[endpoint](self, number)} if endpoint in _OWN else values

    def account(self, endpoint: str, number: int) -> str:
        """Whoever opens a page."""
        role = ROLES.get(endpoint.partition(".")[0], Role.COUNSELLOR)
        if role is Role.PROVIDER:
            return answerer(_provider_of(self, endpoint, number))
        if endpoint.startswith("agreements.") and endpoint != "agreements.new":
            return counsellor(_agreement_number(number))
        return counsellor(self.person(number)) if role is Role.COUNSELLOR else account_of(role)

    def one(self, table: t.Table, number: int, **equal: Any) -> str:
        """Id of one of the rows that are alike."""
        with ReadingUnit(self.store) as unit:
            rows = unit.find(table, **equal)
        return str(rows[number % len(rows)]["id"])


def _agreement_number(number: int) -> int:
    return [n for n in range(AGREEMENTS) if is_open(n)][number % (AGREEMENTS - AGREEMENTS // 7)]


def _agreement(addresses: Addresses, number: int) -> Mapping[str, str]:
    household_id = f"hsh-{_agreement_number(number):06d}"
    return {"agreement_id": addresses.one(t.agreement, 0, household_id=household_id)}


def _appointment(addresses: Addresses, number: int) -> Mapping[str, str]:
    plan_id = f"pln-{addresses.person(number):06d}"
    return {"appointment_id": addresses.one(t.appointment, number, help_plan_id=plan_id)}


def _consent(addresses: Addresses, number: int) -> Mapping[str, str]:
    person_id = f"per-{addresses.person(number):06d}"
    return {"consent_id": addresses.one(t.consent, number, person_id=person_id)}


def _proposal(addresses: Addresses, number: int) -> Mapping[str, str]:
    own = {"person_id": f"per-{addresses.person(number):06d}", "state": t.ProposalState.PROPOSED}
    return {"proposal_id": addresses.one(t.proposal, 0, **own)}


def _given_back(addresses: Addresses, number: int) -> Mapping[str, str]:
    """A last step, for which nothing is asked, and one of the last groups of its kind to begin."""
    last = len(KINDS) - 1
    slots = sorted(
        range(last, addresses.large.groups, len(KINDS)), key=lambda n: -slot_row(n, 1)["start_on"].toordinal()
    )
    slot = slots[number % min(len(slots), 30)]
    return {"need_id": f"ned-{addresses.person(number):06d}-{last}", "slot_id": f"slt-{slot:05d}"}


def _referral(addresses: Addresses, number: int) -> Mapping[str, str]:
    return {"referral_id": f"ref-{_asked(addresses, number):06d}-3-1"}


def _asked(addresses: Addresses, number: int) -> int:
    """Number of a person with an open plan for whom a seat was asked for: every third one's fourth step."""
    found = number * 3 * _STRIDE % (addresses.large.households // 3 * 3)
    return found if is_open(found) else (found + 3) % (addresses.large.households // 3 * 3)


def _reckoning(addresses: Addresses, number: int) -> Mapping[str, str]:
    return {"reckoning_id": addresses.one(t.reckoning, number)}


def _group(addresses: Addresses, number: int) -> Mapping[str, str]:
    return {"slot_group_id": group(number, addresses.large.groups)}


def _provider_of(addresses: Addresses, endpoint: str, number: int) -> int:
    """Number of the provider to whom a thing belongs."""
    if endpoint == "provider.read":
        return _asked(addresses, number) + 7 * 3 + 1
    return number % addresses.large.groups % OFFERINGS if endpoint == "provider.participants" else number


_OWN: Mapping[str, Callable[[Addresses, int], Mapping[str, str]]] = {
    **dict.fromkeys(
        (f"agreements.{name}" for name in ("show", "signature", "review", "change", "discard", "end")),
        _agreement,
    ),
    "planning.reckoning": _reckoning,
    "cases.move": _appointment,
    "cases.narrowing": _consent,
    "cases.withdrawal": _consent,
    "referrals.proposal": _proposal,
    "referrals.decline": _proposal,
    "referrals.call_up": _given_back,
    "provider.read": _referral,
    "provider.participants": _group,
    "network.new": lambda *_: {"table": "offerings"},
}
"""What an address names that only one page has."""


def pages_of(app: Flask, addresses: Addresses, times: int) -> dict[str, list[tuple[str, str]]]:
    """Return for every page so many addresses, each with the token of whoever opens it."""
    urls = app.url_map.bind("localhost")
    found = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_OPENED:
            continue
        found[rule.endpoint] = [_address(urls, rule, addresses, number) for number in range(times)]
    return found


def _address(urls: Any, rule: Any, addresses: Addresses, number: int) -> tuple[str, str]:
    named = addresses.values(rule.endpoint, number)
    path = urls.build(rule.endpoint, {name: named[name] for name in rule.arguments}, method="GET")
    if rule.endpoint == "sign_in.show":
        return path, ""
    return path, addresses.token(addresses.account(rule.endpoint, number))
