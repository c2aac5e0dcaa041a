"""Auslieferung des Schreibtischs: worker processes on one address; one that dies is replaced."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.proxy_fix import ProxyFix

from web.desk.app import create_desk
from web.desk.planning.watching import STOPPING
from workflows.desk_store import form_key, open_desk_store

LOOPBACK_NAMES = ("127.0.0.1", "localhost")
THREADS = 8
STOP_SECONDS = 5
"""So long a stopping server waits for answers at work, and for a browser that has sent half a request."""


@dataclass(frozen=True)
class Served:
    """Wie ausgeliefert wird.

    Parameters
    ----------
    database : str or None
        Address of the store; the default one for None.
    key_file : Path or None
        Where its keys are, unless beside it.
    host, port : str, int
        Address to listen at.
    name : str or None
        Name under which people reach it through a proxy that adds TLS; None = the own machine only.
    workers : int
        Processes, >= 1.
    """

    database: str | None
    key_file: Path | None
    host: str
    port: int
    name: str | None
    workers: int


def make_desk(served: Served) -> Flask:
    """Open the store and build the application for one worker."""
    store = open_desk_store(served.database, served.key_file)
    hosts = [served.name] if served.name else list(LOOPBACK_NAMES)
    app = create_desk(store, secret_key=form_key(store), hosts=hosts, is_secure=served.name is not None)
    if served.name:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def tell_of_stop(worker: Any) -> None:
    """Let the application of a worker know when the worker is to stop, so that no stream holds it up."""
    worker.wsgi.extensions[STOPPING] = lambda: not worker.alive


class DeskServer(BaseApplication):  # type: ignore[misc]
    """Server: gunicorn with the desk; runs until it is stopped.

    Parameters
    ----------
    served : Served
        What and where.
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs to know."""
        settings = {
            "bind": f"{self.served.host}:{self.served.port}",
            "workers": self.served.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": STOP_SECONDS,
            "loglevel": "warning",  # addresses hold the pseudonyms of people: requests are not written down
            "accesslog": None,
            "proc_name": "foerderkette",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", tell_of_stop)

    def load(self) -> Flask:
        """Build the application, once in each worker; what stays is not searched for waste any more."""
        desk = make_desk(self.served)
        gc.freeze()
        return desk
