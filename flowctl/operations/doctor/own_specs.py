"""The connection specs of the workspace, compared with the live ones: whether each exists and is unchanged."""

from collections.abc import Iterable, Iterator, Mapping

from flowctl.engine.observe.understood import understood
from flowctl.kinds.live_connection_specs import live_connection_specs
from flowctl.model.checkup import Finding, Health
from flowctl.model.errors import PlatformError
from flowctl.model.json_value import JSONObject
from flowctl.operations.doctor.words import failed
from flowctl.operations.session import Session
from flowctl.specs.active import own_specs
from flowctl.specs.connector import Connector, auth_specs
from flowctl.validation.wording import all_of

_PART = "connection specs"


def own_spec_findings(session: Session) -> Iterator[Finding]:
    """The findings about all connectors of the workspace; none if it has no such connector."""
    own = sorted(own_specs().connectors.values(), key=lambda each: each.name)
    if not own:
        return
    ask = live_connection_specs(each.spec_id for each in own)
    try:
        live = understood(ask.request, session.send(ask.request), ask.read)
    except PlatformError as error:
        yield failed(_PART, error.diagnostics)
        return
    yield from compared(own, live)


def compared(own: Iterable[Connector], live: Mapping[str, JSONObject]) -> Iterator[Finding]:
    """What differs between connectors of the workspace and the live connection specs, by ID."""
    equal: list[str] = []
    for each in own:
        spec = live.get(each.spec_id)
        differing = [] if spec is None else list(_differing(each, spec))
        if spec is None:
            yield Finding(
                part=_PART,
                health=Health.FAILED,
                found=f"Experience Platform has no connection spec {each.spec_id} ({each.name})",
                action="Correct `id` in the file below `specs`, or check that the organization has this source.",
            )
        elif differing:
            yield Finding(
                part=_PART,
                health=Health.WARNING,
                found=f"{each.name}: the live {all_of(differing)} differ from the file below `specs`",
                action="Save the live connection spec in that file again.",
            )
        else:
            equal.append(each.name)
    if equal:
        yield Finding(part=_PART, health=Health.OK, found=f"live specs equal the files below `specs`: {all_of(equal)}")


def _differing(own: Connector, live: JSONObject) -> Iterator[str]:
    if {each.name: each.schema for each in own.auth_specs} != {each.name: each.schema for each in auth_specs(live)}:
        yield "authentication types"
    if own.source_schema != (live.get("sourceSpec") or {}).get("spec"):
        yield "source parameters"
