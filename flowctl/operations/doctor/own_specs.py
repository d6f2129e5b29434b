"""The connection specs of the workspace, compared with the live ones: whether each exists and is unchanged."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.engine.observe.understood import understood
from flowctl.kinds.live_connection_specs import live_connection_specs
from flowctl.model.checkup import Finding, Health
from flowctl.model.json_value import JSONObject
from flowctl.operations.doctor.live_specs import spec_findings
from flowctl.operations.session import Session
from flowctl.specs.active import own_specs
from flowctl.specs.connector import Connector, auth_specs
from flowctl.validation.wording import all_of

_PART = "connection specs"


def own_spec_findings(session: Session) -> Iterator[Finding]:
    """The findings about all connectors of the workspace; none if it has no such connector."""
    own = sorted(own_specs().connectors.values(), key=lambda each: each.name)

    def compare() -> Mapping[str, Sequence[Finding]]:
        ask = live_connection_specs(each.spec_id for each in own)
        live = understood(ask.request, session.send(ask.request), ask.read)
        return {each.name: list(_findings(each, live.get(each.spec_id))) for each in own}

    if own:
        yield from spec_findings(_PART, compare, "the files below `specs`")


def _findings(own: Connector, live: JSONObject | None) -> Iterator[Finding]:
    if live is None:
        yield Finding(
            part=_PART,
            health=Health.FAILED,
            found=f"Experience Platform has no connection spec {own.spec_id} ({own.name})",
            action="Correct `id` in the file below `specs`, or check that the organization has this source.",
        )
    elif differing := list(_differing(own, live)):
        yield Finding(
            part=_PART,
            health=Health.WARNING,
            found=f"{own.name}: the live {all_of(differing)} differ from the file below `specs`",
            action="Save the live connection spec in that file again.",
        )


def _differing(own: Connector, live: JSONObject) -> Iterator[str]:
    if {each.name: each.schema for each in own.auth_specs} != {each.name: each.schema for each in auth_specs(live)}:
        yield "authentication types"
    if own.source_schema != (live.get("sourceSpec") or {}).get("spec"):
        yield "source parameters"
