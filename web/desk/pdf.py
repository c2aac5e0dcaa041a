"""PDF als Antwort: saved by the browser, since a viewer within the page would need a looser policy."""

from __future__ import annotations

from flask import Response


def pdf_answer(content: bytes, file_name: str) -> Response:
    """Answer with a PDF under a file name that says nothing about a person."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
