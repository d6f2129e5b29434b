"""The differences between the pinned copy of a flow spec and the live one, in sentences.

Only differences that can change the outcome of a check count: not the order of lists, titles, descriptions, times, or
IDs that the server chooses.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.active import own_specs
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.flow_specs import FlowSpec
from flowctl.validation.wording import all_of

WORDS_ONLY = frozenset({"$schema", "$id", "$comment", "title", "description", "examples"})
MOST_NAMED = 5


def differences(pinned: FlowSpec, live: FlowSpec) -> tuple[str, ...]:
    """How the live flow spec differs from the pinned copy; empty if both accept the same.

    The parts are compared in this order: ID and version, schedule, options, transformations, connection specs.
    """
    return tuple(_sentences(pinned, live))


def _sentences(pinned: FlowSpec, live: FlowSpec) -> Iterator[str]:
    for word, before, after in (("ID", pinned.id, live.id), ("version", pinned.version, live.version)):
        if before != after:
            yield f"the {word} is {before} in the pinned copy, {after} live"
    yield from _schemas("the schedule", pinned.schedule_schema, live.schedule_schema)
    yield from _schemas("the options", pinned.option_schema, live.option_schema)
    names = [*pinned.transformation_schemas, *live.transformation_schemas]
    for name in dict.fromkeys(names):
        yield from _schemas(
            f"the {name} transformation",
            pinned.transformation_schemas.get(name),
            live.transformation_schemas.get(name),
        )
    yield from _served(pinned.source_spec_ids, live.source_spec_ids)


def _schemas(part: str, pinned: JSONObject | None, live: JSONObject | None) -> Iterator[str]:
    if pinned is None and live is None:
        return
    if pinned is None:
        yield f"{part}: only the live spec has a schema"
        return
    if live is None:
        yield f"{part}: the live spec has no schema"
        return
    before, after = dict(_rules(pinned)), dict(_rules(live))
    for path in sorted(before.keys() | after.keys()):
        if path not in after:
            yield f"{part}: {path} is {before[path]} in the pinned copy, missing live"
        elif path not in before:
            yield f"{part}: {path} is {after[path]} live, missing in the pinned copy"
        elif before[path] != after[path]:
            yield f"{part}: {path} is {before[path]} in the pinned copy, {after[path]} live"


def _rules(schema: JSON, path: str = "", *, names: bool = False) -> Iterator[tuple[str, str]]:
    """Each rule of a schema as its path and its value; `names` says that the keys are names of properties."""
    for key, value in schema.items():
        if key in WORDS_ONLY and not names:
            continue
        here = path if key == "properties" and not names else f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and value:
            yield from _rules(value, here, names=key == "properties" and not names)
        else:
            yield here or "properties", _text(value)


def _text(value: JSON) -> str:
    return json.dumps(_canonical(value), ensure_ascii=False, sort_keys=True)


def _canonical(value: JSON) -> JSON:
    """The value with sorted lists and without the words that no check reads."""
    if isinstance(value, Mapping):
        return {key: _canonical(member) for key, member in value.items() if key not in WORDS_ONLY}
    if isinstance(value, list | tuple):
        return sorted((_canonical(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def _served(pinned: Sequence[str], live: Sequence[str]) -> Iterator[str]:
    gone = [spec_id for spec_id in dict.fromkeys(pinned) if spec_id not in live]
    own = own_specs().by_spec_id
    new = [spec_id for spec_id in dict.fromkeys(live) if spec_id not in pinned and spec_id not in own]
    if gone:
        yield f"the live spec no longer supports {_named(gone)}"
    if new:
        yield f"the live spec also supports {_named(new)}"


def _named(spec_ids: Sequence[str]) -> str:
    """The connection specs by ID, with the connector's name if the catalogue has it; a long list is cut."""
    words = []
    for spec_id in spec_ids[:MOST_NAMED]:
        known = connector_by_spec_id(spec_id)
        words.append(f"{known.name} ({spec_id})" if known else f"connection spec {spec_id}")
    more = len(spec_ids) - MOST_NAMED
    return all_of([*words, f"{more} more"] if more > 0 else words)
