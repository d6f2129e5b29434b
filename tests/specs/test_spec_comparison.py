"""What differs between a pinned and a live flow spec, on edited copies."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

from flowctl.specs.compare import differences
from flowctl.specs.flow_specs import parse, pinned, pinned_names

HUBSPOT = "cc6a4487-9e91-433e-a3a3-9cf6626c1806"


def crm() -> dict[str, Any]:
    found = pinned("CRMToAEP")
    assert found
    return copy.deepcopy(dict(found.raw))


def told(edit: Callable[[dict[str, Any]], object]) -> tuple[str, ...]:
    wire = crm()
    edit(wire)
    return differences(parse(crm()), parse(wire))


@pytest.mark.parametrize("name", pinned_names())
def test_a_spec_does_not_differ_from_itself(name: str) -> None:
    spec = pinned(name)
    assert spec
    assert differences(spec, parse(copy.deepcopy(spec.raw))) == ()


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        items = [(key, shuffled(member, order)) for key, member in value.items()]
        order.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        items = [shuffled(member, order) for member in value]
        order.shuffle(items)
        return items
    return value


def test_order_words_and_server_fields_do_not_count() -> None:
    wire = shuffled(crm(), random.Random(7))
    wire |= {"createdAt": 1633080822911, "updatedBy": "someone", "sandboxName": "prod", "etag": '"1"'}
    wire["attributes"]["isDraftModeSupported"] = True
    wire["scheduleSpec"]["spec"]["properties"]["startTime"]["description"] = "seconds"
    wire["optionSpec"]["spec"]["title"] = "Options"
    wire["transformationSpecs"] = wire.pop("transformationSpec")
    assert differences(parse(crm()), parse(wire)) == ()


def _set(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    def edit(wire: dict[str, Any]) -> None:
        here: Any = wire
        *way, last = path.split("/")
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (_set("id", "x"), "the ID is 14518937-270c-4525-bdec-c2ba7cce3860 in the pinned copy, x live"),
        (_set("version", "2.0"), "the version is 1.0 in the pinned copy, 2.0 live"),
        (
            _set("scheduleSpec/spec/else/then/properties/interval/minimum", 30),
            "the schedule: else.then.interval.minimum is 15 in the pinned copy, 30 live",
        ),
        (
            _set("scheduleSpec/spec/required", ["frequency"]),
            'the schedule: required is ["frequency", "startTime"] in the pinned copy, ["frequency"] live',
        ),
        (
            _set("scheduleSpec/spec/properties/interval/maximum", 60),
            "the schedule: interval.maximum is 60 live, missing in the pinned copy",
        ),
        (_set("scheduleSpec", None), "the schedule: the live spec has no schema"),
        (
            _set("optionSpec/spec/properties/partialIngestionPercent/exclusiveMinimum", None),
            "the options: partialIngestionPercent.exclusiveMinimum is 0 in the pinned copy, missing live",
        ),
        (
            _set("transformationSpec/1/spec/properties/mappingVersion/type", "integer"),
            'the Mapping transformation: mappingVersion.type is "string" in the pinned copy, "integer" live',
        ),
        (_set("transformationSpec/1/name", "Mapping"), None),
    ],
)
def test_an_edit_is_told_in_one_sentence(edit: Callable[[dict[str, Any]], object], sentence: str | None) -> None:
    assert told(edit) == ((sentence,) if sentence else ())


def test_a_property_may_be_called_description() -> None:
    before = {"id": "1", "name": "a", "optionSpec": {"spec": {"properties": {"description": {"type": "string"}}}}}
    after = copy.deepcopy(before)
    after["optionSpec"]["spec"]["properties"]["description"]["type"] = "integer"  # type: ignore[index]
    (sentence,) = differences(parse(before), parse(after))
    assert sentence == 'the options: description.type is "string" in the pinned copy, "integer" live'


def test_transformations_come_and_go() -> None:
    assert told(lambda wire: wire["transformationSpec"].pop(0)) == (
        "the Copy transformation: the live spec has no schema",
    )
    assert told(lambda wire: wire["transformationSpec"].append({"name": "Encryption", "spec": {}})) == (
        "the Encryption transformation: only the live spec has a schema",
    )


def test_served_connection_specs_are_named() -> None:
    assert told(lambda wire: wire["sourceConnectionSpecIds"].remove(HUBSPOT)) == (
        f"the live spec no longer supports hubspot ({HUBSPOT})",
    )
    assert told(lambda wire: wire["sourceConnectionSpecIds"].extend(["x", "y"])) == (
        "the live spec also supports connection spec x and connection spec y",
    )
    (sentence,) = told(lambda wire: wire["sourceConnectionSpecIds"].extend(f"n{i}" for i in range(9)))
    assert sentence.endswith("connection spec n4 and 4 more")
