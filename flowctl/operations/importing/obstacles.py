"""Why a flow cannot be described by a manifest, as far as its live objects alone tell."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.manifest.collapse.registry import COLLAPSED_KINDS
from flowctl.operations.importing.sandbox import Part, Sandbox
from flowctl.validation.wording import quoted


def own_kinds(flow: Part) -> tuple[str, ...]:
    """The kinds of objects that become one document with a flow."""
    return next(kind.kinds for kind in COLLAPSED_KINDS if kind.kinds[0] == flow.kind.name)


def own_parts(flow: Part, sandbox: Sandbox) -> Iterator[Part]:
    """The flow and the objects that become one document with it."""
    kinds = own_kinds(flow)
    yield flow
    yield from (sandbox.parts[use] for use in flow.uses() if use.kind in kinds and use in sandbox.parts)


def obstacle(flow: Part, sandbox: Sandbox) -> str | None:
    """Why no manifest describes a flow, if that is so."""
    missing = next(sandbox.missing_below(flow), None)
    if missing is not None:
        why = sandbox.unreadable.get(Use(kind=missing.kind, id=missing.id))
        if why is not None:
            return f"its {KINDS[missing.kind].title} {missing.id} cannot be read: {why}"
        return (
            f"its {KINDS[missing.kind].title} {missing.id} is not found: it was deleted, or access labels hide it from "
            "these credentials"
        )
    for kind in own_kinds(flow)[1:]:
        number = sum(use.kind == kind for use in flow.uses())
        if number > 1:
            return f"it has {number} {KINDS[kind].titles}"
        if number == 0 and not KINDS[kind].versioned:
            return f"it has no {KINDS[kind].title}"
    return next((why for part in own_parts(flow, sandbox) if (why := part.kind.obstacle(part.live))), None)


def shared(flows: Sequence[Part], sandbox: Sandbox, owners: Mapping[Use, str]) -> dict[Use, str]:
    """Why each of some flows is left out, because another one has an object that belongs to one pipeline only.

    Of flows that share one, the oldest stays. `owners` says what has the objects that are recorded already.
    """
    taken = dict(owners)
    left_out: dict[Use, str] = {}
    for flow in flows:
        own = [part for part in own_parts(flow, sandbox) if part is not flow]
        clash = next((part for part in own if part.key in taken), None)
        if clash is not None:
            left_out[flow.use] = f"its {clash.kind.title} is also that of {taken[clash.key]}"
            continue
        taken |= {part.key: f"the dataflow {quoted(flow.title)} ({flow.live.id})" for part in own}
    return left_out
