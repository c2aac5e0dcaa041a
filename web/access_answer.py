"""The answer to a request for access (Auskunft) as one page: no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape

from workflows.privacy.answering import Answer
from workflows.privacy.readable import Section, sections, title

_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1rem}"
    "th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "th{width:35%;font-weight:normal;background:#f2f2f2}td{overflow-wrap:anywhere}"
    "@media print{section{break-inside:auto}table{break-inside:avoid}}"
)


def answer_page(answer: Answer, lang: str) -> str:
    """Return an answer as one HTML page that needs nothing else.

    Parameters
    ----------
    answer : dict
        Of `workflows.privacy.answering.answer_access_request`.
    lang : str
        ``de`` or ``en``.
    """
    heading = escape(title(answer, lang))
    parts = "\n".join(_section(part) for part in sections(answer, lang))
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{heading}</h1>\n{parts}\n</main>\n</body>\n</html>\n"
    )


def _section(part: Section) -> str:
    note = f"<p>{escape(part.note)}</p>\n" if part.note else ""
    tables = "\n".join(_table(entry) for entry in part.entries)
    return f"<section>\n<h2>{escape(part.heading)}</h2>\n{note}{tables}\n</section>"


def _table(entry: tuple[tuple[str, str], ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>\n' for name, value in entry
    )
    return f"<table>\n{rows}</table>"
