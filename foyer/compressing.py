"""Pages go compressed to browsers that ask for it, where nobody elsewhere can learn from their length
(docs/decisions/0029). Static files come compressed already."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

LEAST = 2_000  # bytes; below, a packet is a packet
LEVEL = 5
KINDS = ("text/html", "application/json")
OWN = ("same-origin", "none")  # Sec-Fetch-Site of a page of ours, or of an address that was typed


def init_compression(app: Flask) -> None:
    """Compress answers to GET. To be called before whatever else changes answers: what is added last is done first."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in KINDS or request.method != "GET" or response.status_code != 200:
            return response
        response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
        if _may_be_compressed() and _is_worth_it(response):
            response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response


def _may_be_compressed() -> bool:
    """Whether the length can tell a stranger nothing: the question comes from our own pages, or brought nothing along
    that the answer could repeat (old browsers, and houses without HTTPS, do not say where a question comes from)."""
    origin = request.headers.get("Sec-Fetch-Site")
    return origin in OWN if origin is not None else not request.query_string


def _is_worth_it(response: Response) -> bool:
    if response.is_streamed or response.direct_passthrough or response.headers.get("Content-Encoding"):
        return False
    return request.accept_encodings["gzip"] > 0 and len(response.get_data()) >= LEAST
