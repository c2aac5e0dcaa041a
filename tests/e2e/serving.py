"""A desk that is served to a real browser: a store, a free port of the own machine, an account a role."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from plans.roles import Role
from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.databases import sqlite_url
from tests.web.desk.sessions import a_session, a_signed_in_account
from web.desk.app import create_desk
from workflows.desk_store import form_key

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
_ANSWER = "e2e.answer"


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
    account_ids : dict of Role to str
        Accounts that the store has already; the others are made.
    app : Flask or None
        The application itself.
    """

    store: Store
    address: str
    offices: dict[Role, str] = field(default_factory=dict)
    account_ids: dict[Role, str] = field(default_factory=dict)
    app: Flask | None = None
    _tokens: dict[Role, str] = field(default_factory=dict)

    def token(self, role: Role) -> str:
        """The token of a session of somebody with this role; made once."""
        if role in self.account_ids and role not in self._tokens:
            self._tokens[role] = a_session(self.store, self.account_ids[role])
        if role not in self._tokens:
            organisation = self.offices.get(role)
            _, self._tokens[role] = a_signed_in_account(
                self.store, role, f"e2e-{role}", organisation=organisation
            )
        return self._tokens[role]


def fresh_store(folder: Path) -> Store:
    """An empty migrated store in a folder."""
    return Store(make_engine(sqlite_url(folder / "desk.db")), KeyRing.make())


class _Quiet(WSGIRequestHandler):
    """Does not write down every request; leaves no file open when a browser goes in mid-answer."""

    def log_request(self, *_: object) -> None:
        pass

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        answer = (environ or {}).get(_ANSWER)
        if answer is not None and hasattr(answer, "close"):
            answer.close()


def _kept(app: Flask) -> WSGIApplication:
    """The application; each answer is kept beside its request: the server forgets one that breaks off."""

    def answering(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_ANSWER] = answer = app(environ, start_response)
        return answer

    return answering


@contextmanager
def serving(
    store: Store, offices: dict[Role, str], account_ids: dict[Role, str] | None = None
) -> Iterator[Served]:
    """Serve a store on a free port until the block ends."""
    app = create_desk(store, secret_key=form_key(store), hosts=[HOST], is_secure=False)
    server = make_server(HOST, 0, _kept(app), threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="desk")
    thread.start()
    try:
        address = f"http://{HOST}:{server.server_port}"
        yield Served(store, address, offices, account_ids or {}, app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.engine.dispose()
