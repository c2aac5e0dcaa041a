"""Serving the pages on the own machine (Auslieferung): loopback only, until there is a sign-in."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from workflows.faults import CommandFault

LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1"}


class _QuietHandler(WSGIRequestHandler):
    """Does not write every request to the terminal: addresses hold the pseudonyms of people."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of a request that was answered."""


def open_socket(host: str, port: int) -> socket.socket:
    """Take a port on the own machine before anything long begins.

    Raises
    ------
    CommandFault
        When the host is not a loopback name, or the port is taken or not allowed.
    """
    if host not in LOOPBACK:
        raise CommandFault("host", {"host": host})
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK[host], port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        code = {errno.EADDRINUSE: "port-in-use", errno.EACCES: "port-forbidden"}.get(error.errno or 0)
        if code is None:
            raise
        raise CommandFault(code, {"port": str(port)}) from error
    return listening


def serve(application: Flask, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Answer requests until Ctrl-C; `ready` is told the address."""
    host, port = listening.getsockname()[:2]
    server: BaseWSGIServer = make_server(
        host, port, application, threaded=True, request_handler=_QuietHandler, fd=listening.fileno()
    )
    ready(f"http://{host}:{port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        listening.close()
