"""The kinds that rules may name are those that there are."""

import json

import pytest
from surroundings import SCHEMAS

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document_kind import no_resources
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.change import Action


def _named(member: dict) -> set[str]:
    return set(member["enum"])


@pytest.mark.parametrize(("name", "path"), [("policy", "rule"), ("policytest", "entry")])
def test_kinds_and_actions(name: str, path: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    if path == "rule":
        members = schema["properties"]["rules"]["items"]["properties"]["match"]["properties"]
        kinds, actions = (members[key]["else"] for key in ("kind", "action"))
    else:
        members = schema["properties"]["cases"]["items"]["properties"]["given"]["items"]["properties"]
        kinds, actions = members["kind"], members["actions"]["items"]
    with_resources = {kind.name for kind in DOCUMENT_KINDS.values() if kind.expand is not no_resources}
    assert _named(kinds) == {*with_resources, *KINDS}
    assert _named(actions) == set(map(str, Action))
