"""Maps a CSV file with the evaluator of a checkout: `python mapping_rows.py CHECKOUT ROWS.csv RECORDS.ndjson`.

A process of its own, which `benchmarks.mapping` measures. Seven attributes are copied and thirteen computed.
"""

import csv
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ATTRIBUTES = {
    "Vid": "_id",
    "Email": "personalEmail.address",
    "First": "person.name.firstName",
    "Last": "person.name.lastName",
    "City": "homeAddress.city",
    "Score": "_acme.score",
    "Active": "_acme.active",
}
EXPRESSIONS = {
    'concat(First, " ", Last)': "person.name.fullName",
    "lower(trim(Email))": "_acme.email",
    'sha256(lower(Email), "UTF-8")': "_acme.emailHash",
    'iif(Phone != null && Phone != "", replacestr(Phone, "-", ""), null)': "mobilePhone.number",
    'date(Birth, "yyyy-MM-dd")': "person.birthDate",
    'format(date(Created, "yyyy-MM-dd HH:mm:ss"), "dd.MM.yyyy")': "_acme.created",
    'decode(Country, "DE", "Germany", "FR", "France", "Other")': "homeAddress.country",
    'explode(Tags, ";")': "_acme.tags",
    'to_object("id", Vid, "authenticatedState", "ambiguous")': "_acme.identity",
    "to_integer(Visits) * 2 + 1": "_acme.visits",
    'to_decimal(Amount) > 100 ? "large" : "small"': "_acme.size",
    "upper(left(Last, 1))": "_acme.initial",
    "coalesce(Nickname, First)": "_acme.nickname",
}


def schema() -> dict[str, Any]:
    """The resolved schema that the records have."""
    root: dict[str, Any] = {"type": "object", "properties": {}}
    types = {
        "person.birthDate": {"type": "string", "format": "date"},
        "_acme.score": {"type": "number"},
        "_acme.active": {"type": "boolean"},
        "_acme.visits": {"type": "integer"},
        "_acme.tags": {"type": "array", "items": {"type": "string"}},
        "_acme.identity": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "authenticatedState": {"type": "string"}},
        },
    }
    for path in (*ATTRIBUTES.values(), *EXPRESSIONS.values()):
        *parents, last = path.split(".")
        node = root
        for name in parents:
            node = node["properties"].setdefault(name, {"type": "object", "properties": {}})
        node["properties"][last] = types.get(path, {"type": "string"})
    return root


def compiled() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What maps a record where mapping sets are compiled."""
    from flowctl.dataprep.mapping import Mapping, compile_mappings
    from flowctl.emulator.services.data_prep.destinations import destination_node
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import from_resolved

    fields = from_resolved(schema(), standard())
    mappings = [
        Mapping(kind, source, path, destination_node(path, fields))
        for kind, table in (("ATTRIBUTE", ATTRIBUTES), ("EXPRESSION", EXPRESSIONS))
        for source, path in table.items()
    ]
    run = compile_mappings(mappings)
    return lambda record: run(record).data


def interpreted() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What maps a record in a checkout that walks the tree of each expression for each record."""
    from flowctl.emulator.services.data_prep import preview

    kinds = preview.SOURCE_TYPES
    mappings = [
        {"sourceType": kinds[kind], "source": source, "destination": path}
        for kind, table in (("ATTRIBUTE", ATTRIBUTES), ("EXPRESSION", EXPRESSIONS))
        for source, path in table.items()
    ]
    mapping_set = {"mappings": mappings, "allowNullValues": False}
    resolved = schema()
    mapped = preview._mapped  # type: ignore[attr-defined]
    return lambda record: mapped(record, mapping_set, resolved)["data"]


def main() -> None:
    """Maps the file row by row."""
    checkout, source, target = sys.argv[1:]
    sys.path.insert(0, checkout)
    mapped = compiled() if find_spec("flowctl.dataprep") is not None else interpreted()
    with Path(source).open(encoding="utf-8", newline="") as rows, Path(target).open("w", encoding="utf-8") as records:
        for row in csv.DictReader(rows):
            records.write(json.dumps(mapped(row)) + "\n")


if __name__ == "__main__":
    main()
