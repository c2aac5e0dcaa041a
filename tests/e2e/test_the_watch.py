"""Controls: each guard of the browser tests goes red when what it guards against happens."""

import gc
import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.chromium import NoBrowser, find_chromium, installed
from tests.e2e.keyboard import walked
from tests.e2e.watching import scrolls_sideways, violations


def test_a_quiet_page_is_not_complained_about(open_window, watch):
    page = open_window(None)
    assert violations(page) == [] and not scrolls_sideways(page)
    assert watch.faults == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("console.error('geplant')", "console: geplant"),
        ("setTimeout(() => { throw new Error('geplant') })", "script: geplant"),
        ("document.body.setAttribute('onclick', 'x()'); document.body.click()", "Content Security"),
        ("location.assign('http://boese.example/')", "foreign host: http://boese.example/"),
        ("fetch('/static/gibt-es-nicht.js')", "status 404"),
    ],
)
def test_what_must_not_be_is_seen(open_window, watch, planted, said):
    page = open_window(None)
    page.evaluate(f"() => {{ {planted} }}")
    for _ in range(100):
        if watch.faults:
            break
        page.wait_for_timeout(20)  # lets the browser tell what has happened
    assert any(said in fault for fault in watch.take())


def test_axe_finds_what_keeps_people_out(open_window):
    page = open_window(None)
    page.evaluate("document.querySelector('label').remove()")
    assert any(one.startswith("label:") for one in violations(page))


def test_a_page_that_is_too_wide_is_found(open_window):
    page = open_window(None, width=375)
    page.evaluate("document.querySelector('h1').style.width = '1000px'")
    assert scrolls_sideways(page)


KEEPS_OUT = {
    "cannot be reached: input #password": "document.querySelector('#password').tabIndex = -1",
    "goes back: a": "document.querySelector('.brand').tabIndex = 2;"
    "document.querySelector('.skip').tabIndex = 1; document.querySelector('#password').tabIndex = 1",
    "does not lead to the content": "document.querySelector('.skip').remove()",
    "cannot be reached: button": "document.querySelector('#password').addEventListener('keydown',"
    "event => event.preventDefault())",
    "focus is not seen: input #bare": "const bare = document.createElement('input'); bare.id = 'bare';"
    "bare.style.cssText = 'outline: none; border: 0; background: white; color: black';"
    "document.querySelector('main').append(bare)",
}


@pytest.mark.parametrize(("told", "planted"), KEEPS_OUT.items())
def test_what_keeps_a_keyboard_out_is_found(open_window, told, planted):
    page = open_window(None)
    assert walked(page) == []
    page.reload()
    page.evaluate(f"() => {{ {planted} }}")
    found = walked(page)
    assert any(told in one for one in found), found


def test_without_any_browser_one_line_says_what_to_do():
    with pytest.raises(NoBrowser) as refused:
        find_chromium(Path("nirgends"), [lambda _: None])
    assert "apt-get install chromium" in str(refused.value) and "\n" not in str(refused.value)


def test_a_browser_that_is_there_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / "chromium"
    assert installed(program) is None
    program.touch(0o755)
    assert installed(tmp_path / "anderswo") == program


def test_a_browser_that_goes_in_the_middle_leaves_no_file_open(served):
    parts = urlsplit(served.address)
    for _ in range(20):  # a forgotten file is a warning, warnings are errors
        with socket.create_connection((parts.hostname, parts.port)) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            line.recv(1)
    gc.collect()
