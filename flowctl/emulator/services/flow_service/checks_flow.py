"""What the service checks about a flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowctl.emulator.library import DATA_LAKE_SPEC_ID
from flowctl.emulator.services.flow_service.checks_connection import check_draft_mode, check_name
from flowctl.emulator.services.flow_service.checks_source import check_usable
from flowctl.emulator.services.flow_service.errors import (
    connector_error,
    missing_reference,
    service_error,
)
from flowctl.emulator.services.flow_service.kinds import CONNECTION, FLOW, SOURCE_CONNECTION, TARGET_CONNECTION, Kind
from flowctl.emulator.services.flow_service.schedule import check_schedule
from flowctl.emulator.services.flow_service.spec_references import flow_spec
from flowctl.emulator.services.flow_service.transformations import check_transformations

if TYPE_CHECKING:
    from flowctl.emulator.message import Call


@dataclass(frozen=True, slots=True)
class Ends:
    """The source and target connection of a flow."""

    source: dict[str, Any]
    target: dict[str, Any]

    def references(self) -> list[tuple[str, str]]:
        """Return what the flow refers to, its base connection included."""
        references = [(SOURCE_CONNECTION.name, self.source["id"]), (TARGET_CONNECTION.name, self.target["id"])]
        if self.source.get("baseConnectionId"):
            references.append((CONNECTION.name, self.source["baseConnectionId"]))
        return references

    def inherited_attributes(self) -> dict[str, Any]:
        """Return `inheritedAttributes` as a flow shows them."""
        source = {"id": self.source["id"], "connectionSpec": self.source["connectionSpec"]}
        source |= self.source.get("inheritedAttributes", {})
        target = {"id": self.target["id"], "connectionSpec": self.target["connectionSpec"]}
        is_source = target["connectionSpec"]["id"] == DATA_LAKE_SPEC_ID
        properties = {"isSourceFlow": True} if is_source else {"isSourceFlow": False, "isDestinationFlow": True}
        return {
            "properties": properties,
            "sourceConnections": [source],
            "targetConnections": [target],
        }


def check(call: Call, body: dict[str, Any], *, draft: bool) -> Ends:
    """Return the ends of a new flow. Refuses unknown specs and ends, and what `check_parts` refuses."""
    check_name(body)
    spec = flow_spec(call, body)
    check_draft_mode(call, spec, draft=draft)
    source = _one(call, body, "sourceConnectionIds", SOURCE_CONNECTION, draft=draft)
    target = _one(call, body, "targetConnectionIds", TARGET_CONNECTION, draft=draft)
    for end, listed, word in (
        (source, "sourceConnectionSpecIds", "source"),
        (target, "targetConnectionSpecIds", "target"),
    ):
        spec_id = end["connectionSpec"]["id"]
        if spec_id not in spec.get(listed, []):
            raise service_error("1413", f"The {word} connection spec {spec_id} is not served by {spec['name']}.")
    if call.platform.settings.pairs == "single":
        _check_pair(call, source, target)
    check_parts(call, body, spec, target, draft=draft)
    return Ends(source, target)


def _check_pair(call: Call, source: dict[str, Any], target: dict[str, Any]) -> None:
    """Refuse a pair of connections that another flow has (CONNECTOR-1321-400; no code is published)."""
    objects, scope = call.platform.objects, call.caller.scope
    of_source, of_target = (
        set(objects.referrers(scope, FLOW.name, kind.name, end["id"]))
        for kind, end in ((SOURCE_CONNECTION, source), (TARGET_CONNECTION, target))
    )
    if of_source & of_target:
        raise connector_error("1321", "Another flow has this source connection and this target connection.")


def check_parts(call: Call, flow: dict[str, Any], spec: dict[str, Any], target: dict[str, Any], *, draft: bool) -> None:
    """Refuse a wrong schedule, transformation or option; a draft needs neither schedule nor transformations."""
    check_options(flow.get("options"))
    if spec.get("scheduleSpec") and not (draft and "scheduleParams" not in flow):
        documented = call.platform.settings.schedule == "documented"
        check_schedule(flow.get("scheduleParams"), text_interval_with_once=documented)
    if not (draft and "transformations" not in flow):
        check_transformations(call, flow, spec, target)


def check_options(options: object) -> None:
    """Refuse options that are not those of the flow specs (CONNECTOR-1312-400)."""
    if options is None:
        return
    if not isinstance(options, dict):
        raise connector_error("1312", "The options must be an object.")
    percent = options.get("partialIngestionPercent", 1)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 < percent <= 100:
        raise connector_error("1312", "The partialIngestionPercent must be a number above 0 and at most 100.")
    if not isinstance(options.get("errorDiagnosticsEnabled", False), bool):
        raise connector_error("1312", "The errorDiagnosticsEnabled must be a boolean.")


def _one(call: Call, body: dict[str, Any], member: str, kind: Kind, *, draft: bool) -> dict[str, Any]:
    """Return the one connection that `member` names: exactly one (1321), not null (1338), existing."""
    ids = body.get(member)
    if not isinstance(ids, list) or len(ids) != 1:
        raise connector_error("1321", f"A {FLOW.name} has exactly one of {member}.")
    if not isinstance(ids[0], str) or not ids[0]:
        raise connector_error("1338", f"The ids in {member} must not be null.")
    stored = call.platform.objects.get(call.caller.scope, kind.name, ids[0])
    if stored is None:
        raise missing_reference(kind.collection, ids[0])
    connection = stored.value()
    check_usable(kind.name, connection, draft=draft)
    return connection
