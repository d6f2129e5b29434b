"""Dry runs: a POST or PUT with `Pragma: validate-only` is checked and stores nothing.

Header: Adobe docs, catalog/api/appendix.md. What such a request answers is not published; here it is the status of the
real one without a link, because a link would lead to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.message import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call, Incoming


def validates_only(incoming: Incoming) -> bool:
    """Return whether the request is a dry run."""
    if incoming.method not in ("POST", "PUT"):
        return False
    directives = ",".join(incoming.headers.getlist("pragma")).lower().split(",")
    return "validate-only" in (directive.strip() for directive in directives)


def only_validated(answer: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """Return an operation that answers a dry run without a link; `validates_only` has its writes rolled back."""

    def answer_dry_run(call: Call) -> Reply:
        reply = answer(call)
        return Reply(reply.status, []) if validates_only(call.incoming) else reply

    return answer_dry_run
