"""Mapping sets that would be created or changed: what Experience Platform says about each of their mappings."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.kinds.live_check import Advice, Desired, LiveCheck, PlannedCheck
from flowctl.kinds.mapping_body import BASE, newer_body
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Resource, Unknown

_MOST: Final = 20
"""Rejected mappings of one set that are told one by one."""
_WRITES: Final = (Action.CREATE, Action.UPDATE, Action.REPLACE)
_KIND: Final = "mapping_set"
_PARTS: Final = frozenset({"fieldGroups", "class"})
_OF_A_FIELD: Final = ((), ("type",), ("ref",))


def verdict_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each mapping that Experience Platform rejects.

    A set whose schema is created in the same run, or gets other fields in it, cannot be judged before. A platform that
    does not answer says nothing here: the plan does not depend on it, and applying it tells.
    """
    written = [change for change in changes if change.action in _WRITES]
    changing = {change.address for change in written if change.kind != _KIND and _changes_fields(change)}
    asked = {
        change.address: _ask(change)
        for change in written
        if change.kind == _KIND and _is_asked(change) and changing.isdisjoint(_parts(change, desired))
    }
    if not asked:
        return ()
    answers = yield tuple(asked.values())
    return [problem for address, ask in asked.items() for problem in _problems(desired[address], answers.of(ask))]


def _is_asked(change: Change) -> bool:
    return change.reason is not Reason.RULES_CHANGED and not isinstance(change.desired["xdmSchema"], Unknown)


def _changes_fields(change: Change) -> bool:
    """Whether fields come, go or get another type; what describes and limits them does not matter to a mapping."""
    return any(
        steps[0] in _PARTS or (steps[0] == "fields" and steps[2:] in _OF_A_FIELD)
        for steps in (attribute.steps for attribute in change.attributes)
    )


def _parts(change: Change, desired: Desired) -> set[Address]:
    """What the schema of a mapping set is made of, as far as the manifests declare it."""
    waiting = list(change.depends_on)
    found = set(waiting)
    for address in waiting:
        more = (desired[address].depends_on if address in desired else frozenset()) - found
        found |= more
        waiting += more
    return found


def _ask(change: Change) -> Advice[Sequence[str | None]]:
    request = Request(method="POST", path=f"{BASE}/validate", body=newer_body(change.desired))
    return Advice(request=request, read=_verdicts, otherwise=())


def _verdicts(reply: Reply) -> Sequence[str | None]:
    """What is wrong with each mapping, in the order of the request; None if nothing is."""
    return [_exception(verdict) for verdict in reply.body["validationResponse"]]


def _exception(verdict: dict[str, object]) -> str | None:
    if verdict["status"] != "FAILED":
        return None
    errors = verdict.get("errors")
    found = [str(error.get("exception") or "") for error in errors] if isinstance(errors, list) else []
    return " ".join(filter(None, found)) or "It gives no reason."


def _problems(resource: Resource, verdicts: Sequence[str | None]) -> Iterator[Diagnostic]:
    """Each rejected mapping; of very many, which mostly have one cause, the first ones and their number."""
    rejected = [
        (mapping["destination"], exception)
        for mapping, exception in zip(resource.attributes["mappings"], verdicts, strict=False)
        if exception is not None
    ]
    for destination, exception in rejected[:_MOST]:
        yield _problem(resource, destination, f"the mapping to {destination}", exception)
    if len(rejected) > _MOST:
        destination, exception = rejected[_MOST]
        more = f"{len(rejected) - _MOST} more mappings of {resource.address.name}"
        yield _problem(resource, destination, more, f"The first of them: {exception}")


def _problem(resource: Resource, destination: str, what: str, exception: str) -> Diagnostic:
    return Diagnostic(
        code="mapping-rejected",
        summary=f"Experience Platform rejects {what}",
        detail=exception,
        hint="Correct the mapping.",
        address=resource.address,
        span=resource.place("mappings", f"[{destination}]"),
    )


VERDICTS: Final = PlannedCheck(begin=verdict_check)
"""The check that mapping sets have, and the kinds that their schemas are made of; it runs once for all of them."""
