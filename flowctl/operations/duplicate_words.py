"""The messages about duplicates: which live object, who created it, how it differs, and what to do."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from flowctl.engine.plan.twins import Twin
from flowctl.kinds.kind import Kind
from flowctl.model.attribute_path import dotted
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.resource import RemoteObject, Resource

_MOST = 5


def duplicate(environment: str, kind: Kind, resource: Resource, twins: Sequence[Twin], *, allowed: bool) -> Diagnostic:
    """Creating this resource would duplicate these objects: an error, or a warning if the user allows it.

    The object that is most like the resource comes first, and is the one that the hint proposes.
    """
    twins = sorted(twins, key=lambda twin: len(twin.differences))
    if allowed:
        hint = "A second one will be created, because --allow-duplicates is set."
    else:
        hint = (
            f"To manage the existing object, run `{_recording(environment, resource, twins)}`. To create another one, "
            "plan with `--allow-duplicates`."
        )
    return Diagnostic(
        code="duplicate-object",
        severity=Severity.WARNING if allowed else Severity.ERROR,
        summary=f"{_what(kind, twins)} already exists and is not in the lockfile",
        detail=_details(kind, twins),
        hint=hint,
        address=resource.address,
        span=resource.span,
    )


def similar(kind: Kind, resource: Resource, twins: Sequence[Twin]) -> Diagnostic:
    """Objects that have the title of this resource and can never be what it describes."""
    return Diagnostic(
        code="similar-object",
        severity=Severity.WARNING,
        summary=f"{_what(kind, twins)} already exists, but it is another object",
        detail=_details(kind, twins),
        hint="Choose another title if the two could be confused.",
        address=resource.address,
        span=resource.span,
    )


def _what(kind: Kind, twins: Sequence[Twin]) -> str:
    if any(twin.same_title for twin in twins):
        named = next(twin for twin in twins if twin.same_title)
        return f'a {kind.title} with the title "{named.live.attributes.get(kind.label)}"'
    return f"a {kind.title} {kind.search.identity_words if kind.search else ''}"


def _recording(environment: str, resource: Resource, twins: Sequence[Twin]) -> str:
    """The command that records the object; by ID, of the first, if the title does not find exactly one."""
    if len(twins) == 1 and twins[0].same_title:
        return f"flowctl -e {environment} state repair"
    return f"flowctl -e {environment} state repair {resource.address}={twins[0].live.id}"


def _details(kind: Kind, twins: Sequence[Twin]) -> str:
    told = [f"{_object(kind, twin.live)} {_comparison(twin)}" for twin in twins[:_MOST]]
    if len(twins) > _MOST:
        told.append(f"There are {len(twins) - _MOST} more.")
    return " ".join(told)


def _object(kind: Kind, live: RemoteObject) -> str:
    return " ".join((f'{live.id} ("{live.attributes.get(kind.label)}")', *_creation(kind, live))) + "."


def _creation(kind: Kind, live: RemoteObject) -> Iterator[str]:
    """When and by whom an object was created, as far as the platform tells in a form that can be read."""
    when, author = _time(kind.provenance.created_at(live.body)), kind.provenance.created_by(live.body)
    if when or isinstance(author, str):
        yield "was created"
    if when:
        yield f"at {when}"
    if isinstance(author, str):
        yield f"by {author}"


def _time(milliseconds: object) -> str:
    try:
        seconds = milliseconds / 1000 if isinstance(milliseconds, int) else None
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds is not None else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _comparison(twin: Twin) -> str:
    if not twin.differences:
        return "It matches the manifest."
    places = [dotted(place) for place in twin.differences]
    more = f" and {len(places) - _MOST} more" if len(places) > _MOST else ""
    return f"It differs from the manifest in {', '.join(places[:_MOST])}{more}."
