"""Destinations that Adobe publishes: each leads to a field, and no mutation of one letter does."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

from flowctl.xdm.destinations import field_at, problem_of
from flowctl.xdm.fields import Field
from flowctl.xdm.library import standard
from flowctl.xdm.schema_fields import composed
from flowctl.xdm.suggestions import field_group_with

TABLE = (Path(__file__).parent / "data" / "published_destinations.txt").read_text(encoding="utf-8")
SECTIONS = [section.split() for section in TABLE.split("\n# ")[1:]]
DESTINATIONS = [(class_, path) for class_, *paths in SECTIONS for path in paths]


@cache
def whole(class_: str) -> Field:
    """A class with every field group that says that it extends it, or any."""
    library = standard()
    facts = ((id_, library.get(id_) or {}) for id_ in library.ids())
    groups = [
        id_
        for id_, each in facts
        if each.get("kind") == "fieldgroup" and class_ in each.get("intendedToExtend", [class_])
    ]
    fields, unknown = composed([class_, *groups], library)
    assert unknown == []
    return fields


def test_the_table_is_large():
    assert len(DESTINATIONS) > 250
    assert len({path for _, path in DESTINATIONS}) > 220


@pytest.mark.parametrize(("class_", "path"), DESTINATIONS)
def test_a_published_destination_leads_to_a_field(class_, path):
    assert problem_of(path, whole(class_)) is None
    assert field_at(path, whole(class_)) is not None


@pytest.mark.parametrize(("class_", "path"), DESTINATIONS)
def test_no_mutation_of_one_letter_does(class_, path):
    chosen = random.Random(path)
    letters = [position for position, letter in enumerate(path) if letter.isalpha()]
    for position in chosen.sample(letters, min(4, len(letters))):
        other = chosen.choice([letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != path[position]])
        mutant = path[:position] + other + path[position + 1 :]
        problem = problem_of(mutant, whole(class_))
        assert problem is not None, mutant
        assert problem.code == "destination-unknown"
        assert problem.offset <= position < problem.offset + problem.length


def test_a_field_that_a_schema_lacks_has_its_field_group():
    profile = "https://ns.adobe.com/xdm/context/profile"
    assert field_group_with("personalEmail", profile, standard()) == f"{profile}-personal-details"
    assert field_group_with("identityMap", profile, standard()) == "https://ns.adobe.com/xdm/context/identitymap"
    assert field_group_with("favouritePet", profile, standard()) is None
