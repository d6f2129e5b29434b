"""Members of manifests are in an order that people read, whatever order they came in."""

from flowctl.manifest.collapse.order import members_in_order
from flowctl.manifest.collapse.typed import typed


def test_the_name_comes_first_and_lists_and_mappings_last() -> None:
    column = {"xdm": {"type": "string", "format": "date"}, "length": 4, "type": "text", "ages": [], "name": "born"}
    assert [*members_in_order(column)] == ["name", "type", "length", "ages", "xdm"]
    inner = members_in_order({"columns": [column]})["columns"][0]
    assert [*inner] == ["name", "type", "length", "ages", "xdm"]
    assert [*inner["xdm"]] == ["type", "format"]


def test_items_of_a_list_stay_where_they_are() -> None:
    assert members_in_order({"filters": ["b", "a"]}) == {"filters": ["b", "a"]}


def test_what_a_schema_describes_is_in_its_order() -> None:
    schema = {"properties": {"host": {"type": "string"}, "port": {"type": "integer"}}}
    assert [*typed({"any": 1, "port": "22", "host": "h"}, schema).items()] == [("host", "h"), ("port", 22), ("any", 1)]
