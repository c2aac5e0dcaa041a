"""How long does every page of the desk take in a large office, and what does it weigh?

``python -m benchmarks.desk_pages`` serves 10,000 households with two workers on the own machine and opens
every page of the map of addresses, each time for another person, as two people at once. Beside the time of
the clock stands what the processor spent, which depends less on what else the machine does. Figures go to
``docs/figures.md``.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import math
import multiprocessing
import re
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask, Response, g

from benchmarks.desk_addresses import Addresses, pages_of
from benchmarks.figures import machine, write_section
from benchmarks.stored_pages import store_pages
from store.opening import set_up_store
from store.unit_of_work import Store
from web.desk.app import create_desk
from web.desk.assets import BUILT
from web.desk.server import DeskServer, Served, make_desk
from workflows.desk_store import form_key

HOUSEHOLDS, TIMES, WORKERS, PEOPLE_AT_ONCE = 10_000, 40, 2, 2
LIMIT_MS, LIMIT_KB = 200.0, 150.0
FREE_OF_WEIGHT = frozenset({"network.show", "network.graph"})
"""Map and graph may weigh more: they load their parts when they are opened."""

HOST, SPENT = "127.0.0.1", "X-Processor-Ms"
FONTS = ("latin-400-normal", "latin-500-normal", "latin-600-normal")
"""Parts of the font that a page in German or English uses at most."""

_PARTS = re.compile(r'(?:href|src)="/static/(built/[^"]+\.(?:css|js))"')


@dataclass(frozen=True)
class Opened:
    """Geöffnete Seite: milliseconds of each time, by the clock and of the processor; first load in kB."""

    clock_ms: tuple[float, ...]
    processor_ms: tuple[float, ...]
    kilobytes: float

    @property
    def p95_ms(self) -> float:
        """Of 100 times 95 are not longer."""
        return _p95(self.clock_ms)

    @property
    def p95_processor_ms(self) -> float:
        """The same, of the processor alone."""
        return _p95(self.processor_ms)


def _p95(times: Sequence[float]) -> float:
    ordered = sorted(times)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]


@dataclass(frozen=True)
class Ticking:
    """Uhr: goes on from an instant as time goes by."""

    start: datetime
    began: float

    def __call__(self) -> datetime:
        """Now."""
        return self.start + timedelta(seconds=time.time() - self.began)


class _Server(DeskServer):
    """The desk of the product, at the day on which the office was written."""

    def __init__(self, served: Served, clock: Ticking) -> None:
        self.clock = clock
        super().__init__(served)

    def load(self) -> Flask:
        app = make_desk(self.served)
        app.config["STORE"] = replace(app.config["STORE"], now=self.clock)
        app.before_request_funcs.setdefault(None, []).insert(0, _begin)
        app.after_request(_tell)
        return app


def _begin() -> None:
    g.began = time.thread_time()


def _tell(response: Response) -> Response:
    response.headers[SPENT] = f"{(time.thread_time() - g.began) * 1000:.2f}"
    return response


@contextmanager
def serving(database: str, key_file: Path, clock: Ticking) -> Iterator[int]:
    """Serve a store in processes of their own until the block ends; gives the port."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = int(found.getsockname()[1])
    served = Served(database, key_file, HOST, str(port), None, WORKERS)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(served, clock))
    process.start()
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.join()


def _serve(served: Served, clock: Ticking) -> None:
    _Server(served, clock).run()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if _get(http.client.HTTPConnection(HOST, port), "/healthz", "").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"nothing answers at port {port}")


@dataclass(frozen=True)
class _Answer:
    status: int
    processor_ms: float
    page: bytes


def _get(connection: http.client.HTTPConnection, path: str, token: str) -> _Answer:
    connection.request("GET", path, headers={"Cookie": f"sitzung={token}; lang=de"})
    answer = connection.getresponse()
    return _Answer(answer.status, float(answer.headers.get(SPENT, 0)), answer.read())


def measure(port: int, pages: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Opened]:
    """Open every page as often as it has addresses, `PEOPLE_AT_ONCE` at once; pages by their names."""
    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
        parts = [list(pages.items())[number::PEOPLE_AT_ONCE] for number in range(PEOPLE_AT_ONCE)]
        found = {
            name: one
            for part in pool.map(lambda part: dict(_opened(port, part)), parts)
            for name, one in part.items()
        }
    return {name: found[name] for name in pages}


def _opened(
    port: int, pages: Sequence[tuple[str, Sequence[tuple[str, str]]]]
) -> Iterator[tuple[str, Opened]]:
    for name, addresses in pages:
        clock, processor = [], []
        # What each worker does once, such as reading a template, is not the page.
        for _ in range(2 * WORKERS):
            answer = _get(http.client.HTTPConnection(HOST, port), *addresses[0])
        connection = http.client.HTTPConnection(HOST, port)
        for path, token in addresses:
            began = time.perf_counter()
            answer = _get(connection, path, token)
            clock.append((time.perf_counter() - began) * 1000)
            processor.append(answer.processor_ms)
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
        opened = Opened(tuple(clock), tuple(processor), first_load_kilobytes(answer.page))
        print(
            f"{name}: {opened.p95_ms:.0f} ms, {opened.p95_processor_ms:.0f} ms of the processor",
            file=sys.stderr,
        )
        yield name, opened


def first_load_kilobytes(page: bytes) -> float:
    """Return what a browser loads that was never here: page, style sheets and scripts as gzip, and fonts."""
    parts = {BUILT.parent / path for path in _PARTS.findall(page.decode())}
    fonts = [file for name in FONTS for file in (BUILT / "assets").glob(f"fira-sans-{name}-*.woff2")]
    packed = len(gzip.compress(page)) + sum(len(gzip.compress(file.read_bytes())) for file in parts)
    return (packed + sum(file.stat().st_size for file in fonts)) / 1000


def table(found: Mapping[str, Opened]) -> str:
    """The slowest first."""
    lines = [
        "| page | p95 ms by the clock | p95 ms of the processor | first load kB |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, one in sorted(found.items(), key=lambda pair: -pair[1].p95_processor_ms):
        figures = f"{one.p95_ms:.0f} | {one.p95_processor_ms:.0f} | {one.kilobytes:.0f}"
        lines.append(f"| {name} | {figures} |")
    return "\n".join(lines)


def verdict(found: Mapping[str, Opened]) -> str:
    """In a sentence each: which pages are too slow, and which too heavy."""
    slow = [name for name, one in found.items() if one.p95_ms > LIMIT_MS]
    busy = [name for name, one in found.items() if one.p95_processor_ms > LIMIT_MS]
    heavy = [name for name, one in found.items() if one.kilobytes > LIMIT_KB and name not in FREE_OF_WEIGHT]
    return (
        f"Over {LIMIT_MS:.0f} ms at p95 by the clock: {', '.join(slow) or 'none'}; of the processor alone: "
        f"{', '.join(busy) or 'none'}. "
        f"Over {LIMIT_KB:.0f} kB: {', '.join(heavy) or 'none'}."
    )


def filled(database: str, key_file: Path, households: int) -> tuple[Store, Ticking, Any]:
    """Fill an empty database; gives it with a clock that goes on from the day of its content."""
    store = set_up_store(database, key_file=key_file)
    large = store_pages(replace(store, now=_noon), households)
    clock = Ticking(_noon(), time.time())
    return replace(store, now=clock), clock, large


def _noon() -> datetime:
    from benchmarks.stored_lists import Large

    return Large(0, 0, 0, 0).noon()


def application(store: Store) -> Flask:
    """The desk over a store, for its map of addresses."""
    return create_desk(store, secret_key=form_key(store), hosts=[HOST], is_secure=False)


def main() -> int:
    """Measure and write the section of ``docs/figures.md``; 1 where a page is too slow or too heavy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--dry", action="store_true", help="print only")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        database, key_file = f"sqlite:///{name}/desk.db", Path(name) / "desk.key"
        store, clock, large = filled(database, key_file, asked.households)
        pages = pages_of(application(store), Addresses(store, large), asked.times)
        store.engine.dispose()
        with serving(database, key_file, clock) as port:
            found = measure(port, pages)
    text = (
        f"{large.households:,} households, {large.needs:,} steps, {large.referrals:,} referrals on SQLite, "
        f"{WORKERS} workers, {PEOPLE_AT_ONCE} people at once, each page {asked.times} times. "
        f"{verdict(found)}\n\n{table(found)}"
    )
    print(text)
    if not asked.dry:
        write_section("machine, pages", machine(("flask", "sqlalchemy")))
        write_section("pages", text)
    return int(any(one.p95_ms > LIMIT_MS for one in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
