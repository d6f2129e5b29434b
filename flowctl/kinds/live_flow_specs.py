"""The live flow specs, and where they differ from the pinned copies in flowctl."""

from collections.abc import Iterator, Mapping

from flowctl.kinds.depth import require_shallow
from flowctl.kinds.flow_service import BASE
from flowctl.kinds.live_check import Ask
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.request import Reply, Request
from flowctl.specs.compare import differences
from flowctl.specs.flow_specs import FlowSpec, parse, pinned_by_id


def live_flow_spec(name: str) -> Ask[FlowSpec | None]:
    """Ask for the live flow spec of that name."""
    request = Request(method="GET", path=f"{BASE}/flowSpecs", query=(("property", f'name=="{name}"'),))
    return Ask(request=request, read=_first)


def live_flow_spec_of_id(spec_id: str) -> Ask[FlowSpec | None]:
    """Ask for the live flow spec of that ID, which may be none of the pinned ones."""
    request = Request(method="GET", path=f"{BASE}/flowSpecs", query=(("property", f"id=={spec_id}"),))
    return Ask(request=request, read=_first)


def _first(reply: Reply) -> FlowSpec | None:
    items = list(reply.body["items"])
    if not items:
        return None
    require_shallow(items[0])
    return parse(items[0])


def spec_differences(live: Mapping[str, FlowSpec | None]) -> Iterator[Diagnostic]:
    """A warning for each live flow spec, by ID, that differs from the pinned copy."""
    for spec_id, spec in live.items():
        pinned_spec = pinned_by_id(spec_id)
        if spec is None or pinned_spec is None:
            continue
        found = differences(pinned_spec, spec)
        if found:
            yield Diagnostic(
                severity=Severity.WARNING,
                code="flow-spec-differs",
                summary=f"flow spec `{spec.name}` of Experience Platform differs from the copy in "
                f"{pinned_spec.file or 'flowctl'}",
                detail=" ".join(found),
                hint="Plans use the live flow spec. Save it in that file to validate with the same one."
                if pinned_spec.file
                else "Plans use the live flow spec. Upgrade flowctl to validate with the same one.",
            )
