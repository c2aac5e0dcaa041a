"""Arbeitsgänge: how things are done: one function = one permission = one transaction = one audit entry.

A workflow is a function with a decorator that names its action; a question is one that changes nothing. ::

    @workflow(Action.REQUEST_SEAT)
    def request_seat(work: Work, referral_id: str, version: int) -> str:
        referral = work.unit.get(t.referral, referral_id)
        work.allow(scope_of(referral), t.referral, referral_id)  # or Missing, as if it were not there
        take(work.unit, referral["slot_group_id"])
        ...
        work.record("referral", referral_id, referral["region_id"], slot=referral["slot_id"])
        return referral_id  # the decorator commits; any exception undoes everything

    request_seat(Desk(store, caller), referral_id, 3)

    @question(Action.LIST_PEOPLE)
    def list_people(look: Look) -> list[dict[str, Any]]:
        for whose, grant in look.reach():
            ...

Whoever calls gives a `Desk`: which store, who asks, and for a request that may come twice its key. A step
that several workflows share is a plain function that takes the `Work`; it neither asks nor records by itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

from plans.actions import Action
from plans.roles import Grant, ObjectScope, Whose, may, standard_roles
from plans.rules import RuleBook, standard_rules
from store import idempotency
from store.faults import Missing
from store.journal import canonical
from store.tables import Table
from store.unit_of_work import Agent, ReadingUnit, UnitOfWork
from store.unit_of_work import Store as Store
from workflows.refusal import Forbidden

LOCAL_TIME = ZoneInfo("Europe/Berlin")
"""Where a day begins and ends."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Caller:
    """Handelnde: who asks, with the roles held now; made from a session or by the command line.

    Parameters
    ----------
    label : str
        In words, as the audit shows it.
    account_id : str or None
        The account; None for the machine.
    grants : tuple of Grant
        Roles that hold now.
    is_machine : bool
        Whether it is the clock, or whoever may open the database and its keys on the machine itself: such
        a one may do everything, and every entry of the audit says so.
    """

    label: str
    account_id: str | None = None
    grants: tuple[Grant, ...] = ()
    is_machine: bool = False


CLOCK = Caller("clock", is_machine=True)
"""What happens by itself in time."""

COMMAND_LINE = Caller("command line", is_machine=True)
"""Whoever may use the command line of the machine."""


@dataclass(frozen=True)
class Desk:
    """Arbeitsplatz: from where a workflow is called.

    Parameters
    ----------
    store : Store
        What is remembered.
    caller : Caller
        Who asks.
    purpose : str
        What for, in words; the action by default.
    request_key : str or None
        Key of a request that may come twice; it then counts once and gets the same answer.
    book : RuleBook
        Dated rules.
    """

    store: Store
    caller: Caller
    purpose: str = ""
    request_key: str | None = None
    book: RuleBook = field(default_factory=standard_rules)

    def once(self, key: str) -> Desk:
        """Return the same desk for one request that may come twice."""
        return replace(self, request_key=key)


class Look:
    """Einsicht: one question: who asks, what is asked, and the unit that answers.

    Parameters
    ----------
    desk : Desk
        From where.
    action : Action
        What is asked for.
    unit : ReadingUnit
        Reads.
    """

    unit: ReadingUnit | UnitOfWork

    def __init__(self, desk: Desk, action: Action, unit: ReadingUnit | UnitOfWork) -> None:
        self.desk, self.action, self.unit = desk, action, unit
        self.caller, self.book = desk.caller, desk.book
        self.now = desk.store.now()
        self.was_asked = False

    @property
    def today(self) -> date:
        """The day, in Germany."""
        return self.now.astimezone(LOCAL_TIME).date()

    def allow(self, scope: ObjectScope, table: Table, id: str) -> None:
        """Ask whether the caller may do this with an object.

        Parameters
        ----------
        scope : ObjectScope
            Where the object belongs.
        table, id : Table, str
            Which object.

        Raises
        ------
        Missing
            Where it is none of the caller's: the same as if it were not there.
        Forbidden
            Where none of the caller's roles may do this with any object.
        """
        self.was_asked = True
        if self.caller.is_machine or may(self.caller.grants, self.action, scope):
            return
        self.reach()
        raise Missing("missing", table=table.name, id=id)

    def allow_new(self, scope: ObjectScope) -> None:
        """Ask whether the caller may do this where nothing is yet, such as in a region.

        Raises
        ------
        Forbidden
            Where not.
        """
        self.was_asked = True
        if not self.caller.is_machine and not may(self.caller.grants, self.action, scope):
            raise Forbidden("not-your-role", action=self.action)

    def reach(self) -> tuple[tuple[Whose, Grant | None], ...]:
        """Return how far the caller's roles reach for this action, for lists.

        Returns
        -------
        tuple of (Whose, Grant or None)
            Whose objects, by which grant; never empty. For the machine (ANY, None).

        Raises
        ------
        Forbidden
            Where none of the roles may do this.
        """
        self.was_asked = True
        if self.caller.is_machine:
            return ((Whose.ANY, None),)
        row = standard_roles()[self.action]
        found = tuple((row[grant.role], grant) for grant in self.caller.grants if grant.role in row)
        if not found:
            raise Forbidden("not-your-role", action=self.action)
        return found


class Work(Look):
    """Arbeitsgang: one change: like `Look`, and writes.

    Parameters
    ----------
    desk, action : Desk, Action
        See `Look`.
    unit : UnitOfWork
        Writes.
    """

    unit: UnitOfWork

    def __init__(self, desk: Desk, action: Action, unit: UnitOfWork) -> None:
        super().__init__(desk, action, unit)
        self.now = unit.now

    def record(self, object_type: str, object_id: str, region_id: str | None, **details: Any) -> None:
        """Say in the audit with which object this was done; once for each workflow.

        Parameters
        ----------
        object_type, object_id : str
            Usually a table and an id of it.
        region_id : str or None
            Its region.
        **details : object
            Further facts as JSON; never a name or other words about a person.
        """
        self.unit.describe(self.action, object_type, object_id, region_id=region_id, details=details)


@dataclass(frozen=True)
class Declared:
    """Verzeichnis: one workflow or question, as tests and pages look it up.

    Parameters
    ----------
    action : Action
        Its permission.
    changes : bool
        Whether it is a workflow (with an audit entry) or a question.
    function : callable
        What is called, with a `Desk` first.
    """

    action: Action
    changes: bool
    function: Callable[..., Any]


DECLARED: dict[str, Declared] = {}
"""Every workflow and question that was imported, by module and name."""


def workflow(
    action: Action,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Declare a workflow: a change that happens whole, with one audit entry, or not at all.

    Parameters
    ----------
    action : Action
        Its permission, and the word in the audit.

    Returns
    -------
    callable
        The function, to be called with a `Desk` instead of its `Work`. Where the desk has a request key, the
        result must be JSON.

    Raises
    ------
    RuntimeError
        When called, where the function asked for no permission: it is not committed then.
    """

    def declare(function: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Desk, P], R]:
        @wraps(function)
        def run(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
            agent = Agent(desk.caller.label, desk.caller.account_id)
            with UnitOfWork(desk.store, actor=agent, purpose=desk.purpose or action) as unit:
                work = Work(desk, action, unit)
                if desk.request_key is None:
                    result = function(work, *args, **kwargs)
                else:
                    body = _request_body(function, work, args, kwargs)
                    answered = idempotency.claim(unit, desk.request_key, body)
                    if answered is not None:
                        return cast(R, answered.answer)
                    result = function(work, *args, **kwargs)
                    idempotency.keep(unit, desk.request_key, result)
                _check_asked(work, function)
                unit.commit()
            return result

        _declare(function, Declared(action, True, run))
        return run

    return declare


def question(
    action: Action,
) -> Callable[[Callable[Concatenate[Look, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Declare a question: it sees one state and changes nothing; reading a person's file is a `workflow`.

    Parameters
    ----------
    action : Action
        Its permission.

    Raises
    ------
    RuntimeError
        When called, where the function asked for no permission.
    """

    def declare(function: Callable[Concatenate[Look, P], R]) -> Callable[Concatenate[Desk, P], R]:
        @wraps(function)
        def run(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with ReadingUnit(desk.store) as unit:
                look = Look(desk, action, unit)
                result = function(look, *args, **kwargs)
                _check_asked(look, function)
            return result

        _declare(function, Declared(action, False, run))
        return run

    return declare


def _declare(function: Callable[..., Any], declared: Declared) -> None:
    DECLARED[f"{function.__module__}.{function.__name__}"] = declared


def _check_asked(look: Look, function: Callable[..., Any]) -> None:
    if not look.was_asked:
        raise RuntimeError(f"{function.__module__}.{function.__name__} asked for no permission")


def _request_body(function: Callable[..., Any], work: Work, args: Any, kwargs: Any) -> str:
    """What was asked for, the same however it was passed; the work itself left out."""
    bound = inspect.signature(function).bind(work, *args, **kwargs)
    bound.apply_defaults()
    named = {name: _plain(value) for name, value in list(bound.arguments.items())[1:]}
    return canonical({"workflow": f"{function.__module__}.{function.__name__}", "asked": named})


def _plain(value: Any) -> Any:
    """Objects of the plan room as JSON, also within lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value
