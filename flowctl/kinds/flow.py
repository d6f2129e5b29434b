"""Flows ("dataflows"): source and target, transformations, options and schedule (Flow Service API, 3.4, 4 and 8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_search, flow_service
from flowctl.kinds.forms import Forms, booleans, integers, moments, numbers, versions, words
from flowctl.kinds.kind import Pin, Search
from flowctl.kinds.live_check import DesiredCheck, Preflight
from flowctl.kinds.live_state import LiveWarning
from flowctl.kinds.preflight.flow_specs import flow_spec_check
from flowctl.kinds.replacing import ProposedChange, ReplacementRule
from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import RemoteObject

_MEMBERS = (
    "name",
    "description",
    "flowSpec",
    "sourceConnectionIds",
    "targetConnectionIds",
    "transformations",
    "scheduleParams",
    "options",
)
# The tutorial patches `/transformations/0` where its flow has Mapping at 1: entries are told apart by name.
_KEYED_LISTS: Mapping[Path, str] = {("transformations",): "name"}
# Ids of connections stand in lists too, but a flow has exactly one of each (CONNECTOR-1321-400).
_SCHEDULE, _MAPPING = ("scheduleParams",), ("transformations", "[Mapping]", "params")
_FORMS: Forms = {
    ("flowSpec", "id"): words,
    ("flowSpec", "version"): versions,
    (*_SCHEDULE, "startTime"): moments,
    (*_SCHEDULE, "interval"): integers,
    (*_SCHEDULE, "backfill"): booleans,
    (*_MAPPING, "mappingVersion"): integers,
    ("options", "partialIngestionPercent"): numbers,
    ("options", "errorDiagnosticsEnabled"): booleans,
}
_FIXED_ONCE_STARTED = frozenset({"startTime", "backfill"})


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """A recurring schedule without `backfill` has its default, true, a mapping without a version 0 (8.2, 8.3)."""
    attributes = flow_service.pick(body, _MEMBERS)
    schedule = attributes.get("scheduleParams")
    if isinstance(schedule, Mapping) and schedule.get("frequency", "once") != "once":
        attributes["scheduleParams"] = {"backfill": True, **{k: v for k, v in schedule.items() if v is not None}}
    transformations = attributes.get("transformations")
    if isinstance(transformations, list):
        attributes["transformations"] = [_with_version(each) for each in transformations]
    return attributes


def _with_version(transformation: Any) -> Any:
    params = transformation.get("params") if isinstance(transformation, Mapping) else None
    if not isinstance(params, Mapping) or transformation.get("name") != "Mapping":
        return transformation
    if params.get("mappingVersion") is not None:
        return transformation
    return {**transformation, "params": {**params, "mappingVersion": 0}}


def _forces_new(proposed: ProposedChange) -> bool:
    """Once the scheduled start has passed, start and backfill are fixed (FLOW-1366-400, 1404-400 of the source
    errors), and so is a switch to `once` (1403-400); section 4.3.
    """
    if proposed.path[0] != "scheduleParams" or len(proposed.path) < 2:
        return False
    schedule = proposed.live.get("scheduleParams") or {}
    try:
        started = float(schedule.get("startTime") or 0) <= proposed.now
    except (TypeError, ValueError, OverflowError):
        started = True
    member = proposed.path[1]
    switched_to_once = member == "frequency" and proposed.after == "once"
    # A switch to `once` also removes backfill; by itself that removal is not what the platform refuses.
    fixed = member in _FIXED_ONCE_STARTED and proposed.after is not None
    return started and (fixed or switched_to_once)


def _pins(attributes: JSONObject) -> Iterable[Pin]:
    for transformation in attributes.get("transformations") or ():
        params = transformation.get("params") or {}
        if transformation.get("name") == "Mapping" and params.get("mappingId"):
            yield Pin(kind="mapping_set", id=str(params["mappingId"]), version=str(params.get("mappingVersion", 0)))


def _replacement_notes(
    _changes: Sequence[AttributeChange], desired: JSONObject, made_anew: frozenset[str]
) -> tuple[str, ...]:
    return ("The new flow has a new id and a new run history.", *_history(desired, made_anew))


def _recreation_notes(
    _changes: Sequence[AttributeChange], desired: JSONObject, made_anew: frozenset[str]
) -> tuple[str, ...]:
    """After a replacement that stopped between its halves, or a first apply beside data of others: nothing tells."""
    if "dataset" in made_anew:
        return ()
    return tuple(f"If an earlier flow of its connections has run: {note}" for note in _history(desired, made_anew))


def _history(desired: JSONObject, made_anew: frozenset[str]) -> tuple[str, ...]:
    """What becomes of the data that an earlier flow has ingested (section 8.2: backfill)."""
    schedule = desired.get("scheduleParams")
    if schedule is None:
        return ()
    backfills = schedule.get("frequency") == "once" or str(schedule.get("backfill", True)).lower() == "true"
    if "dataset" in made_anew:
        if backfills:
            return ("The new dataset begins empty: the first run reads everything that the source holds into it.",)
        return ("The new dataset begins empty and stays without history: backfill is false.",)
    if backfills:
        return (
            "History is ingested again: the first run of the new flow reads everything that the source holds, "
            "into a dataset that may already hold it.",
        )
    return (
        "History is not ingested again (backfill is false), and what arrived since the last run of the old "
        "flow may be skipped.",
    )


def _update_notes(
    changes: Sequence[AttributeChange], desired: JSONObject, _made_anew: frozenset[str]
) -> tuple[str, ...]:
    """A flow that runs once does so at its start (section 8.2), and what has run is not run again."""
    schedule = desired.get("scheduleParams") or {}
    if schedule.get("frequency") == "once" and any(change.steps[0] == "transformations" for change in changes):
        return ("This flow runs once: if it has run, what it ingested stays as it is.",)
    if any(change.steps == ("scheduleParams", "startTime") for change in changes):
        return ("A start that lies in the past means that it begins to run at once.",)
    return ()


def _warning(live: RemoteObject) -> LiveWarning | None:
    """A flow is disabled by an action, not by an attribute (section 6), so no diff shows it."""
    state = live.body.get("state")
    if state not in ("disabled", "draft"):
        return None
    return LiveWarning(
        summary=f"it is {state} on the platform and does not run",
        hint="flowctl does not change this. Ask who disabled it and why; a replacement starts enabled.",
    )


KIND = replace(
    flow_service.kind(
        name="flow",
        title="flow",
        collection="flows",
        comparable=_comparable,
        keyed_lists=_KEYED_LISTS,
        forms=lambda _attributes: _FORMS,
        search=Search(
            everything=flow_search.everything("flows"),
            titled=flow_search.titled("flows"),
            referring=flow_search.referring("flows", lists=[("sourceConnectionIds",)]),
            anchors=(("sourceConnectionIds",),),
            identity=(("sourceConnectionIds",), ("targetConnectionIds",)),
            stops_untitled=True,
            identity_words="from the same source to the same dataset",
            fixed=("flowSpec", "id"),
        ),
    ),
    is_pipeline=True,
    replacement=ReplacementRule(
        paths=(
            ("flowSpec",),
            ("sourceConnectionIds",),
            ("targetConnectionIds",),
            ("transformations", "[Copy]"),
        ),
        decides=_forces_new,
        delete_first=True,
        notes=_replacement_notes,
        recreation_notes=_recreation_notes,
    ),
    pins=_pins,
    update_notes=_update_notes,
    preflight=Preflight(desired=(DesiredCheck(begin=flow_spec_check, ahead=True),)),
    warning=_warning,
)
