"""A desk that is served to a real browser: a store, a free port of the own machine, an account a role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
from werkzeug.serving import WSGIRequestHandler, make_server

from plans.roles import Role
from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.databases import sqlite_url
from tests.workflows.access.builders import PASSWORD, an_account
from web.desk.app import create_desk
from workflows.access.own_account import confirm_second_factor, enrol_second_factor
from workflows.access.sessions import Stage
from workflows.access.sign_in import sign_in
from workflows.desk_store import form_key

HOST = "127.0.0.1"


@dataclass
class Served:
    """Ausgelieferter Schreibtisch.

    Parameters
    ----------
    store : Store
        Behind it; with the real clock, because browsers have one too.
    address : str
        Where it listens, without a slash at its end.
    offices : dict of Role to str
        Organisation in which the account of a role works; fill it for roles that need one.
    """

    store: Store
    address: str
    offices: dict[Role, str] = field(default_factory=dict)
    _tokens: dict[Role, str] = field(default_factory=dict)

    def token(self, role: Role) -> str:
        """The token of a session of somebody with this role; made once, second factor and all."""
        if role not in self._tokens:
            name = f"e2e-{role}"
            an_account(self.store, name, role, organisation=self.offices.get(role))
            self._tokens[role] = signed_in(self.store, name)
        return self._tokens[role]


def signed_in(store: Store, name: str, password: str = PASSWORD) -> str:
    """Sign in without a browser, enrolling a second factor where one is asked for; returns the token."""
    begun = sign_in(store, name, password)
    if begun.stage is Stage.READY:
        return begun.token
    assert begun.stage is Stage.ENROL, f"{name} needs {begun.stage}"
    enrolment = enrol_second_factor(store, begun.token, password)
    code = pyotp.TOTP(enrolment.secret).at(store.now())
    return confirm_second_factor(store, begun.token, code).token


def fresh_store(folder: Path) -> Store:
    """An empty migrated store in a folder."""
    return Store(make_engine(sqlite_url(folder / "desk.db")), KeyRing.make())


class _Quiet(WSGIRequestHandler):
    """Does not write down every request."""

    def log_request(self, *_: object) -> None:
        pass


@contextmanager
def serving(store: Store, offices: dict[Role, str]) -> Iterator[Served]:
    """Serve a store on a free port until the block ends."""
    app = create_desk(store, secret_key=form_key(store), hosts=[HOST], is_secure=False)
    server = make_server(HOST, 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="desk")
    thread.start()
    try:
        yield Served(store, f"http://{HOST}:{server.server_port}", offices)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.engine.dispose()
