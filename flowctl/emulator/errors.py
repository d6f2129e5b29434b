"""The one exception that carries a refusal to the caller, and the body shapes that several services share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - it is an answer of the platform, not a fault of the program
    """An answer other than success: status, JSON body, headers. Whatever the operation wrote is rolled back."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def gateway_refusal(status: int, code: str, message: str) -> Refusal:
    """Return an error of the API gateway: `{"error_code", "message"}` (Adobe docs: troubleshooting.md)."""
    return Refusal(status, {"error_code": code, "message": message})


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """Return the generic problem body `{"type", "status", "title", "detail"}` (Adobe docs: troubleshooting.md)."""
    body = {"type": "/placeholder/type/uri", "status": status, "title": title, "detail": detail}
    return Refusal(status, body, headers)
