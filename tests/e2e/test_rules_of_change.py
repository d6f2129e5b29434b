"""Every cell of the rules of change, on the command line and against the emulator itself.

The bodies that the emulator gets are not made by flowctl. A change of a field is tried in a field group, in a data type
of it, and in a class, which two schemas share.
"""

import re
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
from surroundings import Platform, Workspace

from flowctl.kinds.evolution_rules import BY_NAME, RULES, Verdict

sys.path.insert(0, str(Path(__file__).parents[1] / "property"))

from random_schemas import PROFILE, Model, text_of
from registry_bodies import resource, schema
from test_schema_changes import WORKSPACE, ask_directly, collection, found, ids_of

Case = tuple[str, Any, Any]
STRING = {"type": "string"}
TWO = {"type": "object", "fields": {"x": STRING}}
FIELDS: dict[str, Case] = {
    "added": ("field-added", None, STRING),
    "added and required": ("field-added", None, {**STRING, "required": True}),
    "removed": ("field-removed", STRING, None),
    "an object removed": ("field-removed", TWO, None),
    "another type": ("field-retyped", STRING, {"type": "integer"}),
    "another type with a limit": ("field-retyped", STRING, {"type": "integer", "minimum": 1}),
    "another data type that is required": ("field-retyped", {"ref": "one"}, {"ref": "two", "required": True}),
    "a wider type": ("field-retyped", {"type": "integer"}, {"type": "number"}),
    "a date with time": ("field-retyped", {"type": "date"}, {"type": "date-time"}),
    "an object made a text": ("field-retyped", TWO, STRING),
    "an object made a map": ("field-retyped", TWO, {"type": "map", "values": STRING}),
    "a map made an object": ("field-retyped", {"type": "map", "values": STRING}, TWO),
    "one made a list": ("field-retyped", STRING, {"type": "array", "items": STRING}),
    "another data type": ("field-retyped", {"ref": "one"}, {"ref": "two"}),
    "an object made a data type": ("field-retyped", TWO, {"ref": "one"}),
    "a data type made an object": ("field-retyped", {"ref": "one"}, TWO),
    "a value less": ("values-narrowed", {**STRING, "enum": ["a", "b"]}, {**STRING, "enum": ["a"]}),
    "a new enum": ("values-narrowed", STRING, {**STRING, "enum": ["a"]}),
    "a value more": ("values-widened", {**STRING, "enum": ["a"]}, {**STRING, "enum": ["a", "b"]}),
    "any value": ("values-widened", {**STRING, "enum": ["a"]}, STRING),
    "a new pattern": ("limits-narrowed", STRING, {**STRING, "pattern": "a"}),
    "another pattern": ("limits-narrowed", {**STRING, "pattern": "a"}, {**STRING, "pattern": "b"}),
    "no pattern": ("limits-widened", {**STRING, "pattern": "a"}, STRING),
    "required": ("field-required", STRING, {**STRING, "required": True}),
    "optional": ("field-optional", {**STRING, "required": True}, STRING),
    "another title": ("words-changed", {**STRING, "title": "A"}, {**STRING, "title": "B"}),
    "another description": ("words-changed", {**STRING, "description": "A"}, STRING),
    "another label": ("words-changed", {**STRING, "enum": {"a": "A"}}, {**STRING, "enum": {"a": "B"}}),
    "another default": ("words-changed", {**STRING, "default": "a"}, {**STRING, "default": "b"}),
    "deprecated": ("field-deprecated", STRING, {**STRING, "deprecated": True}),
    "not deprecated": ("field-deprecated", {**STRING, "deprecated": True}, STRING),
}
for low, high, members in (
    ("minimum", "maximum", {"type": "integer"}),
    ("minLength", "maxLength", STRING),
    ("minItems", "maxItems", {"type": "array", "items": STRING}),
):
    for limit, less, more in ((low, 2, 1), (high, 8, 9)):
        FIELDS |= {
            f"a new {limit}": ("limits-narrowed", members, {**members, limit: less}),
            f"a tighter {limit}": ("limits-narrowed", {**members, limit: more}, {**members, limit: less}),
            f"a looser {limit}": ("limits-widened", {**members, limit: less}, {**members, limit: more}),
            f"no {limit}": ("limits-widened", {**members, limit: less}, members),
        }
PARTS = {"FieldGroup": ("group", "_${tenant}.g-"), "Class": ("thing", "_${tenant}.c-"), "DataType": ("part", "")}
KEYS = {name: name.replace(" ", "-") for name in FIELDS}
REFUSED = [name for name, (rule, _, _) in FIELDS.items() if BY_NAME[rule].after is Verdict.REFUSED]
ALLOWED = [name for name in FIELDS if name not in REFUSED]


def fields(changed: list[str], prefix: str) -> dict[str, Any]:
    """The field of each case, as it is before the change or, if it is among `changed`, after it."""
    cases = {prefix + KEYS[name]: case[2 if name in changed else 1] for name, case in FIELDS.items()}
    below = {"type": "object", "fields": {name: each for name, each in cases.items() if each is not None}}
    return {f"{prefix}list": {"type": "array", "items": deepcopy(below)}, **deepcopy(below["fields"])}


def model(changed: list[str], bound_by: str = "nothing") -> Model:
    """Two schemas of one class and one field group; the second is bound if any is."""
    schemas: dict[str, Any] = {
        name: {"class": "thing", "fieldGroups": ["group"], "identities": [{"path": path, "namespace": "Email"}]}
        for name, path in (("first", "_${tenant}.g-id"), ("second", "_${tenant}.g-id"))
    }
    if bound_by == "Profile":
        schemas["second"]["identities"][0]["primary"] = schemas["second"]["profile"] = True
    group = {**fields(changed, "g-"), "g-part": {"ref": "part"}, "g-id": STRING}
    return {
        "DataType": {
            "one": {"fields": {"x": STRING}},
            "two": {"fields": {"x": STRING}},
            "part": {"fields": fields(changed, "")},
        },
        "Class": {"thing": {"behavior": "record", "fields": fields(changed, "c-")}},
        "FieldGroup": {"group": {"extends": ["thing"], "fields": group}},
        "Schema": schemas,
        "Dataset": {"data": {"schema": "second"}} if bound_by == "a dataset" else {},
    }


@pytest.fixture
def workspace(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    made = Workspace(root=tmp_path, capsys=capsys, platform=platform)
    made.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
    return made


def save(workspace: Workspace, documents: Model) -> None:
    workspace.write("all.yaml", text_of(documents, in_rows=False))


def begin(workspace: Workspace, documents: Model) -> dict[str, str]:
    """Apply documents, and return the ID of each one's object."""
    save(workspace, documents)
    workspace.apply("--allow-irreversible")
    return ids_of(workspace)


def ask(platform: Platform, kind: str, documents: Model, ids: dict[str, str]) -> httpx.Response:
    """What the emulator answers to the part of a kind, sent in full."""
    name, _ = PARTS[kind]
    path = collection(f"{kind}/{name}", ids)
    return platform.request("PUT", path, json=resource(documents, kind, name, ids, "local"))


def test_before_a_dataset_exists_every_field_may_change(workspace: Workspace, platform: Platform) -> None:
    ids = begin(workspace, model([]))
    for case in (*FIELDS, None):
        documents = model([case] if case else [])
        assert {kind: ask(platform, kind, documents, ids).status_code for kind in PARTS} == dict.fromkeys(PARTS, 200)
    save(workspace, model([*FIELDS]))
    workspace.apply()
    assert workspace.plan().json["changes"] == []


@pytest.mark.parametrize("bound_by", ["a dataset", "Profile"])
def test_once_one_of_the_schemas_is_bound_the_rules_decide(
    workspace: Workspace, platform: Platform, bound_by: str
) -> None:
    ids = begin(workspace, model([], bound_by))
    save(workspace, model([*FIELDS], bound_by))
    platform.clear_log()
    refused = workspace.run("apply", "--auto-approve", "--allow-irreversible", "--format", "json")
    assert (refused.code, platform.writes()) == (1, [])
    assert set(found(refused.json["diagnostics"])) == {
        (f"{kind}/{name}", f"{root}{place}{KEYS[case]}", FIELDS[case][0])
        for kind, (name, root) in PARTS.items()
        for place in ("", f"list[*].{root.rpartition('.')[2]}")
        for case in REFUSED
    }
    for case in REFUSED:
        for kind in PARTS:
            reply = ask(platform, kind, model([case], bound_by), ids)
            assert reply.status_code == 400, (kind, case)
            named = re.findall(r"/([\w-]+)(?:/x)? [a-z]", reply.json()["detail"])
            assert {re.sub("^[cg]-", "", name) for name in named} == {KEYS[case]}, (kind, case)
    for number, case in enumerate(ALLOWED, 1):
        documents = model(ALLOWED[:number], bound_by)
        said = {kind: ask(platform, kind, documents, ids).status_code for kind in PARTS}
        assert said == dict.fromkeys(PARTS, 200), case
    save(workspace, model(ALLOWED, bound_by))
    workspace.apply()
    assert workspace.plan().json["changes"] == []


def small(bound_by: str = "nothing") -> Model:
    """A schema with two field groups and an identity, and a namespace."""
    made: Model = {
        "Namespace": {"ids": {"code": "ids", "idType": "Device"}},
        "FieldGroup": {name: {"extends": [PROFILE], "fields": {name: STRING}} for name in ("one", "two")},
        "Schema": {
            "customer": {
                "class": PROFILE,
                "fieldGroups": ["one", "two"],
                "identities": [{"path": "_${tenant}.one", "namespace": "ids", "primary": True}],
            }
        },
        "Dataset": {"data": {"schema": "customer"}} if "a dataset" in bound_by else {},
    }
    if "Profile" in bound_by:
        made["Schema"]["customer"]["profile"] = True
    return made


def _set(*path: str, to: Any) -> Callable[[Model], None]:
    def edit(documents: Model) -> None:
        inside: Any = documents
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = to

    return edit


IDENTITY = {"path": "_${tenant}.one", "namespace": "ids", "primary": True}
PERSON = ("Schema", "customer")
SCHEMAS: dict[str, tuple[str, Callable[[Model], None]]] = {
    "a field group more": ("group-added", _set(*PERSON, "fieldGroups", to=["one", "two", f"{PROFILE}-person-details"])),
    "a field group less": ("group-removed", _set(*PERSON, "fieldGroups", to=["one"])),
    "enabled": ("profile-enabled", _set(*PERSON, "profile", to=True)),
    "disabled": ("profile-disabled", _set(*PERSON, "profile", to=False)),
    "no longer primary": (
        "identity-changed",
        _set(*PERSON, "identities", to=[{**IDENTITY, "primary": False}, {**IDENTITY, "path": "personID"}]),
    ),
    "another namespace": ("identity-changed", _set(*PERSON, "identities", to=[{**IDENTITY, "namespace": "Email"}])),
    "another path": ("identity-changed", _set(*PERSON, "identities", to=[{**IDENTITY, "path": "personID"}])),
    "another code": ("namespace-changed", _set("Namespace", "ids", "code", to="others")),
    "another identity type": ("namespace-changed", _set("Namespace", "ids", "idType", to="Cookie")),
}
ABOUT = {"group-removed": "two", "identity-changed": "_${tenant}.one", "profile-disabled": "customer"}
BINDINGS = {
    "profile-enabled": ("nothing", "a dataset"),
    "profile-disabled": ("Profile", "Profile and a dataset"),
    "identity-changed": ("Profile", "Profile and a dataset"),
}
"""What binds the schema where a rule speaks of Profile itself; the other rules hold with Profile as with a dataset."""


def bindings(rule: str) -> tuple[str, ...]:
    return BINDINGS.get(rule, ("nothing", "a dataset", "Profile"))


def column(rule: str, bound_by: str) -> str:
    """The column of the table in which the verdict stands."""
    return "after" if "a dataset" in bound_by or (bound_by == "Profile" and rule not in BINDINGS) else "before"


CELLS = [
    pytest.param(case, bound_by, id=f"{case}, {bound_by}")
    for case, (rule, _) in SCHEMAS.items()
    for bound_by in bindings(rule)
]


@pytest.mark.parametrize(("case", "bound_by"), CELLS)
def test_a_change_of_a_schema_or_a_namespace(
    workspace: Workspace, platform: Platform, case: str, bound_by: str
) -> None:
    rule, edit = SCHEMAS[case]
    verdict = getattr(BY_NAME[rule], column(rule, bound_by))
    before, after = small(bound_by), small(bound_by)
    edit(after)
    ids = begin(workspace, before)
    save(workspace, after)
    platform.clear_log()
    if verdict is Verdict.REFUSED:
        refused = workspace.run("apply", "--auto-approve", "--allow-irreversible", "--format", "json")
        assert (refused.code, platform.writes()) == (1, [])
        ((document, about, named),) = found(refused.json["diagnostics"])
        assert named == rule
        assert about == ABOUT.get(rule, about)
        ask_directly(platform, workspace, before, after, (document, about, rule), ids)
        return
    if verdict is Verdict.IRREVERSIBLE:
        assert workspace.run("apply", "--auto-approve").code == 1
        assert platform.writes() == []
    workspace.apply("--allow-irreversible")
    assert workspace.plan().json["changes"] == []
    if case == "enabled":
        tagless = schema(after, "customer", ids, [])
        assert platform.request("PUT", collection("Schema/customer", ids), json=tagless).status_code == 400


def test_every_cell_of_the_rules_is_tried() -> None:
    tried = {(rule, each) for rule, _, _ in FIELDS.values() for each in ("before", "after")}
    tried |= {(rule, column(rule, bound_by)) for rule, _ in SCHEMAS.values() for bound_by in bindings(rule)}
    assert tried == {(rule.name, each) for rule in RULES for each in ("before", "after")}
