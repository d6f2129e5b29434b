"""Dataflows: source and target, transformations, options and schedule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowctl.kinds import flow_search, flow_service
from flowctl.kinds.flow_replacing import SUSPENSION, adapted
from flowctl.kinds.flow_states import FLOW_STATES, PATH, STATE, action, comparable_state, create, note
from flowctl.kinds.forms import Forms, booleans, integers, moments, numbers, versions, words
from flowctl.kinds.kind import Adoptable, Pin, Search, Update, Use
from flowctl.kinds.live_check import DesiredCheck, Preflight
from flowctl.kinds.live_state import LiveWarning
from flowctl.kinds.preflight.flow_specs import flow_spec_check
from flowctl.kinds.replacing import ProposedChange, ReplacementRule
from flowctl.kinds.terms import NO_KEY, Term, Terms, moment
from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange, Effect, Note
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject
from flowctl.specs.flow_specs import pinned_by_id

_MEMBERS = (
    "name",
    "description",
    STATE,
    "flowSpec",
    "sourceConnectionIds",
    "targetConnectionIds",
    "transformations",
    "scheduleParams",
    "options",
)
# The tutorial patches `/transformations/0` where its flow has Mapping at 1: entries are told apart by name.
_KEYED_LISTS: Mapping[Path, str] = {("transformations",): "name"}
# The IDs of connections are in lists too, but a flow has exactly one of each (CONNECTOR-1321-400).
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
_TRANSFORMATIONS = frozenset({"Copy", "Mapping", "Encryption"})
"""The transformations that a manifest describes."""
_FIXED_ONCE_STARTED = frozenset({"startTime", "backfill"})


def _comparable(body: Mapping[str, Any]) -> JSONObject:
    """A recurring schedule without `backfill` has its default, true; older tutorials send a column's name alone."""
    attributes = flow_service.pick(body, _MEMBERS)
    if STATE in attributes and (state := comparable_state(attributes.pop(STATE))) is not None:
        attributes[STATE] = state
    schedule = attributes.get("scheduleParams")
    if isinstance(schedule, Mapping) and schedule.get("frequency", "once") != "once":
        attributes["scheduleParams"] = {"backfill": True, **{k: v for k, v in schedule.items() if v is not None}}
    transformations = attributes.get("transformations")
    if isinstance(transformations, list):
        attributes["transformations"] = [_in_full(each) for each in transformations]
    return attributes


def _in_full(transformation: Any) -> Any:
    """The transformation with the version of its mapping, and its delta column as an object with a name."""
    params = transformation.get("params") if isinstance(transformation, Mapping) else None
    if not isinstance(params, Mapping):
        return transformation
    if transformation.get("name") == "Copy" and isinstance(column := params.get("deltaColumn"), str):
        return {**transformation, "params": {**params, "deltaColumn": {"name": column}}}
    if transformation.get("name") != "Mapping":
        return transformation
    if params.get("mappingVersion") is not None:
        return transformation
    return {**transformation, "params": {**params, "mappingVersion": 0}}


def _forces_new(proposed: ProposedChange) -> bool:
    """Whether the schedule has started and the change is one that Experience Platform rejects from then on.

    These are start and backfill (FLOW-1366-400, 1404-400 of the source errors) and a switch to `once` (1403-400).
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
    # A switch to `once` also removes backfill; Experience Platform does not reject that removal alone.
    fixed = member in _FIXED_ONCE_STARTED and proposed.after is not None
    return started and (fixed or switched_to_once)


def _pins(attributes: JSONObject) -> Iterable[Pin]:
    for transformation in attributes.get("transformations") or ():
        params = transformation.get("params") or {}
        if transformation.get("name") == "Mapping" and params.get("mappingId"):
            yield Pin(kind="mapping_set", id=str(params["mappingId"]), version=str(params.get("mappingVersion", 0)))


def _uses(attributes: JSONObject) -> Iterator[Use]:
    for kind, member in (("source_connection", "sourceConnectionIds"), ("target_connection", "targetConnectionIds")):
        yield from (Use(kind=kind, id=one) for one in attributes.get(member) or () if isinstance(one, str))
    yield from (Use(kind=pin.kind, id=pin.id, version=pin.version) for pin in _pins(attributes))


def _no_source(body: JSONObject) -> str | None:
    """Why a flow is not one of a source: those to destinations share the collection."""
    properties = (body.get("inheritedAttributes") or {}).get("properties") or {}
    return "it is a dataflow to a destination" if properties.get("isSourceFlow") is False else None


def _obstacle(live: RemoteObject) -> str | None:
    if live.body.get("state") == "draft" and "state" not in live.attributes:
        return "it is a draft"
    flow_spec = live.attributes.get("flowSpec") or {}
    if pinned_by_id(str(flow_spec.get("id")).lower()) is None:
        return f"this release of flowctl does not know its flow spec {flow_spec.get('id')}"
    names = [str(each.get("name")) for each in live.attributes.get("transformations") or ()]
    unknown = sorted({name for name in names if name not in _TRANSFORMATIONS})
    if unknown:
        return f"no key of a manifest describes its transformation {unknown[0]}"
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return f"it has several {twice} transformations"
    if "Mapping" in names and not list(_pins(live.attributes)):
        return "its Mapping transformation names no mapping set"
    return None


def _unmanaged(attributes: JSONObject) -> Iterator[Path]:
    """What is so unless a manifest says otherwise: a flow is enabled, an option has the default of the flow spec.

    A one-time flow has no use for some members, and a flow spec without options none for any.
    """
    if attributes.get(STATE) == FLOW_STATES.first({}):
        yield PATH
    if (attributes.get("scheduleParams") or {}).get("frequency") == "once":
        yield from (("scheduleParams", "interval"), ("scheduleParams", "backfill"))
    flow_spec = pinned_by_id(str((attributes.get("flowSpec") or {}).get("id")).lower())
    schema = flow_spec.option_schema if flow_spec is not None else None
    if schema is None:
        yield ("options",)
    for name, member in ((schema or {}).get("properties") or {}).items():
        value = (attributes.get("options") or {}).get(name)
        if "default" in member and str(member["default"]).lower() == str(value).lower():
            yield "options", name


def _replacement_notes(
    _changes: Sequence[AttributeChange], desired: JSONObject, recreated: frozenset[str]
) -> tuple[str, ...]:
    return ("The new flow has a new ID and an empty run history.", *_history(desired, recreated))


def _recreation_notes(
    _changes: Sequence[AttributeChange], desired: JSONObject, recreated: frozenset[str]
) -> tuple[str, ...]:
    """The same as of a replacement, if an earlier flow may have run: after an interrupted replacement, for example."""
    if "dataset" in recreated:
        return ()
    return _history(desired, recreated, old="an earlier flow of these connections")


def _history(desired: JSONObject, recreated: frozenset[str], old: str = "the previous flow") -> tuple[str, ...]:
    """What happens to the data that an earlier flow has ingested."""
    schedule = desired.get("scheduleParams")
    if schedule is None:
        return ()
    backfills = schedule.get("frequency") == "once" or str(schedule.get("backfill", True)).lower() == "true"
    if "dataset" in recreated:
        if backfills:
            words = "The new dataset starts empty: the first run reads everything in the source into it (backfill)."
            return (Note(words, Effect.INGESTS_HISTORY),)
        return ("backfill is false: the new dataset starts empty, and historical data is not ingested into it.",)
    if backfills:
        words = (
            "Backfill: the first run of the new flow reads everything in the source again. Records that the dataset "
            "already has are ingested twice."
        )
        return (Note(words, Effect.INGESTS_HISTORY),)
    return (
        f"backfill is false: records that arrived between the last run of {old} and the first run of this one are "
        "not ingested.",
    )


def _update_notes(
    changes: Sequence[AttributeChange], desired: JSONObject, _recreated: frozenset[str]
) -> tuple[str, ...]:
    """A one-time flow runs at its start time, and never again."""
    states = tuple(note(change.before, change.after) for change in changes if change.steps == PATH)
    return (*filter(None, states), *_schedule_notes(changes, desired))


def _schedule_notes(changes: Sequence[AttributeChange], desired: JSONObject) -> tuple[str, ...]:
    schedule = desired.get("scheduleParams") or {}
    if schedule.get("frequency") == "once" and any(change.steps[0] == "transformations" for change in changes):
        return ("This is a one-time flow. If it has already run, the new mapping is not applied to ingested data.",)
    if any(change.steps == ("scheduleParams", "startTime") for change in changes):
        return ("If the start time is in the past, the flow runs as soon as it is updated.",)
    return ()


def _warning(live: RemoteObject) -> LiveWarning | None:
    """A manifest that says nothing of the state hides that a flow is disabled."""
    state = live.body.get("state")
    if state not in ("disabled", "draft"):
        return None
    return LiveWarning(
        summary=f"the flow is {state} on Experience Platform and does not run",
        hint="Find out who disabled it and why. Write `state` in the manifest to enable it or to keep it disabled; "
        "without it, a replacement starts enabled.",
    )


_BASE = flow_service.kind(
    name="flow",
    title="flow",
    meaning="The dataflow: it joins source, target and mappings, and has the schedule.",
    stage=3,
    collection="flows",
    asset_type="Source Data Flow",
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
)


def _update(update: Update) -> Request:
    """A change of the state is an action of its own; everything else is patched."""
    found = action(update, "flows")
    if found is not None:
        return replace(found, headers={"If-Match": update.live.etag or ""})
    if _BASE.update is None:
        raise AssertionError("flows are changed in place")
    return _BASE.update(update)


_TERMS = Terms(
    terms={
        ("name",): Term(key=("metadata", "title")),
        ("description",): Term(key=("metadata", "description")),
        ("scheduleParams",): Term(key=("schedule",)),
        ("scheduleParams", "startTime"): Term(key=("schedule", "startTime"), written=moment),
        ("transformations", "[Copy]"): NO_KEY,
        ("transformations", "[Copy]", "params", "deltaColumn"): Term(key=("incremental",)),
        ("transformations", "[Copy]", "params", "deltaColumn", "name"): Term(key=("incremental", "column")),
        ("transformations", "[Encryption]"): NO_KEY,
        ("transformations", "[Encryption]", "params"): Term(key=("encryption",)),
        ("transformations", "[Mapping]"): NO_KEY,
        ("flowSpec",): NO_KEY,
        ("sourceConnectionIds",): NO_KEY,
        ("targetConnectionIds",): NO_KEY,
    }
)

KIND = replace(
    _BASE,
    create=create,
    update=_update,
    editions=None,  # a run changes the etag, and nothing that a plan compares
    state=FLOW_STATES,
    is_pipeline=True,
    in_pipeline=True,
    terms=_TERMS,
    schedule="scheduleParams",
    uses=_uses,
    obstacle=_obstacle,
    unmanaged=_unmanaged,
    adoptable=Adoptable(request=flow_search.source_flows(), why_not=_no_source),
    replacement=ReplacementRule(
        paths=(
            ("flowSpec",),
            ("sourceConnectionIds",),
            ("targetConnectionIds",),
            ("transformations", "[Copy]"),
        ),
        decides=_forces_new,
        delete_first=True,
        suspension=SUSPENSION,
        adapted=adapted,
        notes=_replacement_notes,
        recreation_notes=_recreation_notes,
    ),
    pins=_pins,
    update_notes=_update_notes,
    preflight=Preflight(desired=(DesiredCheck(begin=flow_spec_check, ahead=True),)),
    warning=_warning,
    noted=("lastRunDetails",),
)
