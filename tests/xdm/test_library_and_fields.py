"""The XDM library and the fields of schemas: kinds of fields, limits, maps, arrays, and what is wrong with a path."""

from __future__ import annotations

import pytest

from flowctl.xdm.destinations import PathProblem, closest, field_at, place_in_record, problem_of, steps_of
from flowctl.xdm.library import Library, standard
from flowctl.xdm.schema_fields import composed, from_resolved

SCHEMA = {
    "type": "object",
    "required": ["a"],
    "properties": {
        "a": {"type": "string", "enum": ["x"], "maxLength": 3},
        "list": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "integer", "minimum": 1}}}},
        "map": {"type": "object", "additionalProperties": {"type": "array", "items": {"properties": {"id": {}}}}},
        "object": {"properties": {"c": {"type": "boolean"}}},
        "date": {"type": "string", "format": "date-time"},
    },
}
FIELDS = from_resolved(SCHEMA, Library(""))


def test_the_library_has_every_public_resource():
    library = standard()
    assert len(library) == 757
    assert library.get("https://ns.adobe.com/xdm/context/none") is None
    kinds = {(library.get(id_) or {})["kind"] for id_ in library.ids()}
    assert kinds == {"class", "fieldgroup", "datatype", "behavior"}
    assert "XDM Individual Profile" in library.titles


def test_what_the_library_lacks_is_named():
    fields, unknown = composed(["https://ns.adobe.com/xdm/context/profile", "https://ns.adobe.com/acme/1"], standard())
    assert unknown == ["https://ns.adobe.com/acme/1"]
    assert fields.child("person") is None
    assert fields.child("_id") is not None


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("a", "string"),
        ("list", "array"),
        ("list[*]", "object"),
        ("list[0].b", "integer"),
        ("map", "map"),
        ("map.anything", "array"),
        ("map.anything[0].id", "any"),
        ("object", "object"),
        ("object.c", "boolean"),
        ("nothing", None),
        ("a.b", None),
        ("a..b", None),
    ],
)
def test_the_type_at_a_path(path, type_):
    found = field_at(path, FIELDS)
    assert (found.type if found else None) == type_


def test_limits_formats_and_required_fields():
    assert FIELDS.child("a").limits == {"enum": ["x"], "maxLength": 3}
    assert FIELDS.child("date").format == "date-time"
    assert list(FIELDS.required()) == ["a"]


@pytest.mark.parametrize(
    ("path", "code", "about"),
    [
        ("aa", "destination-unknown", "aa"),
        ("object.d", "destination-unknown", "d"),
        ("list.b", "destination-needs-index", "list"),
        ("a[0]", "destination-index-on-scalar", "a"),
        ("list[0][0]", "destination-index-on-scalar", "list"),
        ("map.x.id", "destination-needs-index", "x"),
        ("object.", "destination-syntax", ""),
        ("object[x].c", "destination-syntax", "object[x]"),
        ("a/b", "destination-syntax", "a/b"),
    ],
)
def test_what_is_wrong_with_a_path_and_where(path, code, about):
    problem = problem_of(path, FIELDS)
    assert problem is not None
    assert (problem.code, path[problem.offset : problem.offset + len(about)]) == (code, about)


@pytest.mark.parametrize("path", ["list", "list[*].b", "map.x[0].id.deeper.still", "object"])
def test_nothing_is_wrong_with_a_path(path):
    assert problem_of(path, FIELDS) is None


def test_below_an_open_name_nothing_is_checked():
    assert problem_of("_acme.x", FIELDS, is_open=frozenset({"_acme"})) is None
    assert problem_of("object._acme", FIELDS, is_open=frozenset({"_acme"})) is not None


def test_steps_know_their_place():
    steps = steps_of("a[0].bc[*]")
    assert not isinstance(steps, PathProblem)
    assert [(step.name, step.offset, step.indexes) for step in steps] == [("a", 0, ("[0]",)), ("bc", 5, ("[*]",))]


def test_the_nearest_name():
    assert closest("firstNam", ["lastName", "firstName"]) == "firstName"
    assert closest("q", ["lastName", "firstName"]) is None


def test_below_an_array_to_which_the_platform_appends_a_path_has_no_index():
    def indexes(path: str) -> tuple[str, ...]:
        steps = steps_of(path)
        assert not isinstance(steps, PathProblem)
        return steps[0].indexes

    assert indexes("personComponents.sourcePersonID") == ("[0]",)
    assert indexes("personComponents[1].sourcePersonID") == ("[1]",)
    assert indexes("personComponents") == ()
    assert indexes("other.personComponents") == ()
    assert place_in_record("personComponents.a.b") == "personComponents[0].a.b"
    assert place_in_record("personComponents[1].a") == "personComponents[1].a"
    assert place_in_record("personComponents") == "personComponents"
