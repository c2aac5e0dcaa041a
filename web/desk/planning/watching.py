"""Lange Arbeit verfolgen: where it stands, told as it goes on (server-sent events)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Response, current_app
from flask import stream_with_context as streaming

STREAM_SECONDS = 30
"""So long one answer tells progress; the browser asks again by itself, and who asks is looked at anew."""
EVERY_SECONDS = 1.0

STOPPING = "is-stopping"
"""Extension of the application that answers whether its server is to stop; without it, it never is."""

Row = dict[str, Any]


class Told(NamedTuple):
    """Was zum Fortschritt zu sagen ist.

    Parameters
    ----------
    step : str
        What is done now; a screen reader says it when it changes.
    sentence : str
        The same with figures that go on.
    """

    step: str
    sentence: str


def progress_answer(read: Callable[[], Row], tell: Callable[[Row], Told]) -> Response:
    """Tell the progress of something that is ``running``; ``over`` at its end.

    Parameters
    ----------
    read : callable
        Reads where it stands; raises before anything is answered where it may not be seen.
    tell : callable
        Says it.
    """
    events = streaming(_events(read, tell, read()))
    return Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _events(read: Callable[[], Row], tell: Callable[[Row], Told], found: Row) -> Iterator[str]:
    until = time.monotonic() + STREAM_SECONDS
    is_stopping = current_app.extensions.get(STOPPING, lambda: False)
    while found["state"] == "running" and time.monotonic() < until and not is_stopping():
        yield f"event: progress\ndata: {json.dumps(tell(found)._asdict())}\n\n"
        time.sleep(EVERY_SECONDS)
        found = read()
    if found["state"] != "running":
        yield "event: over\ndata: {}\n\n"
