"""Objects that have no manifest although what uses them has one: others name them by ID, title or label."""

from collections.abc import Iterator, Mapping
from typing import Final

from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.model.import_report import SkippedObject
from flowctl.operations.importing.describing import Described
from flowctl.operations.importing.known import Known
from flowctl.operations.importing.matching import Bindings
from flowctl.operations.importing.sandbox import Part, Sandbox

_NAMESPACE: Final = "_"


def referred_objects(
    described: Described, sandbox: Sandbox, known: Known, bound: Bindings
) -> tuple[SkippedObject, ...]:
    """What written manifests name and that has none, and the parts of described objects that are left out."""
    written = {part.use: part for draft in described.drafts.drafts for part in draft.parts}
    return tuple(dict.fromkeys(_referred(written, described, sandbox, known, bound)))


def _referred(
    written: Mapping[Use, Part], described: Described, sandbox: Sandbox, known: Known, bound: Bindings
) -> Iterator[SkippedObject]:
    for part in written.values():
        for use in (*part.uses(), *part.made_of(), *(each.use for each in sandbox.attached.get(part.use, ()))):
            if use in written or use in bound.addresses or use in known.owners:
                continue
            named = sandbox.parts.get(use)
            why = described.undescribed.get(use) or _unsaid(use, described, sandbox)
            title = named.title if named is not None else ""
            yield SkippedObject(kind=use.kind, id=use.id, name=title, reason=why)
        for kind, label in part.names():
            if (kind, label) not in sandbox.labelled:
                title = next(str(value) for value in part.live.attributes.values() if str(value).lower() == label)
                yield SkippedObject(
                    kind=kind, id="", name=title, reason=f"there is no {KINDS[kind].title} of this {KINDS[kind].label}"
                )


def _unsaid(use: Use, described: Described, sandbox: Sandbox) -> str:
    """Why an object that could have a manifest has none: one of its parts, or what would refer to it."""
    if use not in sandbox.parts:
        return "it is not found"
    parts = [part for part in sandbox.attached.get(use, ()) if part.use in described.undescribed]
    if not parts:
        return "no manifest refers to it"
    # What the object has only one of, such as its enablement for Profile, fails where one of the several is left out.
    part = min(parts, key=lambda part: part.key_of_address is None)
    return f"of its {part.kind.title} {part.title}: {described.undescribed[part.use]}"


def has_own_fields(sandbox: Sandbox, flow: Part) -> bool:
    """Whether a flow, or something that it stands on, may have fields below the namespace of the organization."""
    return any(_names_own(part.live.attributes) or part.made_of() for part in sandbox.stands_on(flow))


def _names_own(value: object) -> bool:
    if isinstance(value, str):
        first, dot, _ = value.partition(".")
        return bool(dot) and first.startswith(_NAMESPACE) and first.isidentifier()
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(_names_own(each) for each in members)
