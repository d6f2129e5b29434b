"""What the credentials may read: one page of each kind of object, and one reason if it is the same for all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flowctl.engine.observe.understood import understood
from flowctl.kinds.flow_runs import newest_runs, runs_of
from flowctl.kinds.registry import KINDS
from flowctl.model.checkup import Finding, Health
from flowctl.model.errors import PlatformError, Refused, Unreachable
from flowctl.model.request import Reply, Request
from flowctl.operations.doctor.words import failed, not_checked
from flowctl.operations.session import Session

_NOBODYS: Final = "flowctl doctor"
"""A title that nobody gives: the answer is empty, and tells as much as a long one."""


@dataclass(frozen=True, slots=True)
class _Read:
    part: str
    request: Request
    understand: Callable[[Reply], object]
    users: str


def read_findings(session: Session) -> tuple[Sequence[Finding], bool]:
    """The findings about reads, and whether more can be asked.

    Without a reply to the first read no other is sent. If all reads are refused alike, that is one finding.
    """
    reads = list(_planned())
    errors: list[PlatformError | None] = []
    for read in reads:
        error = _error(session, read)
        if not errors and isinstance(error, Unreachable):
            return (_finding(read, error), not_checked(*(each.part for each in reads[1:]))), False
        errors.append(error)
    statuses = {error.status if isinstance(error, Refused) else 0 for error in errors}
    first = errors[0]
    if first is not None and len(statuses) == 1 and statuses != {0}:
        return (_of_sandbox(session.environment.sandbox, statuses.pop(), first), not_checked()), False
    return tuple(map(_finding, reads, errors)), True


def _planned() -> Iterator[_Read]:
    asked: set[str] = set()
    for kind in KINDS.values():
        request = kind.find(_NOBODYS)
        # Several kinds may be parts of one object, which one read shows.
        if request.path not in asked:
            asked.add(request.path)
            yield _Read(f"read {kind.titles}", request, kind.objects, "plan, apply, drift and import need it")
    yield _Read("read runs", newest_runs()[0], runs_of, "status and runs need it")


def _error(session: Session, read: _Read) -> PlatformError | None:
    try:
        understood(read.request, session.send(read.request), read.understand)
    except PlatformError as error:
        return error
    return None


def _finding(read: _Read, error: PlatformError | None) -> Finding:
    """Whether the credentials may read such things in the sandbox."""
    if error is None:
        return Finding(part=read.part, health=Health.OK, found="allowed")
    return replace(failed(read.part, error.diagnostics), found=f"{_told(error)} ({read.users})")


def _of_sandbox(sandbox: str, status: int, error: PlatformError) -> Finding:
    found = failed("sandbox", error.diagnostics)
    detail = error.diagnostics[0].detail.strip().rstrip(".")
    return replace(
        found, found=f"nothing can be read in sandbox {sandbox} (HTTP {status})" + (f": {detail}" if detail else "")
    )


def _told(error: PlatformError) -> str:
    first = error.diagnostics[0]
    return f"{first.summary}: {first.detail.strip().rstrip('.')}" if first.detail else first.summary
