"""The paths of standard fields that editors propose: each leads to a field, and none is too long."""

from flowctl.xdm.destinations import problem_of
from flowctl.xdm.library import standard
from flowctl.xdm.schema_fields import composed
from flowctl.xdm.standard_paths import DEEPEST, standard_paths


def test_each_path_is_a_destination() -> None:
    library = standard()
    offered = (each for id_ in library.ids() if (each := library.get(id_)) and each["kind"] in ("class", "fieldgroup"))
    schemas = [composed([each["id"]], library)[0] for each in offered]
    assert [path for path in standard_paths() if all(problem_of(path, schema) for schema in schemas)] == []


def test_paths_end_at_a_value_and_enter_arrays() -> None:
    found = set(standard_paths())
    assert {"person.name.firstName", "productListItems[0].SKU", "identityMap", "timestamp"} <= found
    assert {"person", "person.name", "productListItems"}.isdisjoint(found)
    assert max(path.count(".") for path in found) == DEEPEST - 1


def test_what_is_deprecated_or_experimental_is_left_out() -> None:
    assert {"_airship.offsetID", "_pathfactory.content.UUID"}.isdisjoint(standard_paths())
