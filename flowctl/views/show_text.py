"""What is recorded, as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from flowctl.engine.plan.equivalence import alike
from flowctl.engine.plan.places import leaves
from flowctl.kinds.registry import KINDS
from flowctl.model.attribute_path import dotted, value_at
from flowctl.views.lines import Line
from flowctl.views.values import SENSITIVE, place_value, short


def entries_lines(document: Mapping[str, Any]) -> Iterator[Line]:
    """One line for each recorded object."""
    entries = document["entries"]
    if not entries:
        yield Line(f"Nothing is recorded in environment {document['environment']}.")
        return
    width = max(len(address) for address in entries)
    for address, entry in entries.items():
        yield Line(f"{address:<{width}}  {entry['id']}")


def entry_lines(document: Mapping[str, Any]) -> Iterator[Line]:
    """One object: each recorded value, and the live one where it differs."""
    yield Line(f"{document['address']}  {document['id']}", "bold")
    if document["state"]:
        yield Line(f"  state: {document['state']}")
    for rule, value in document["lifecycle"].items():
        if value not in ("auto", False):
            yield Line(f"  lifecycle.{rule}: {short(value)}")
    live = document["live"]
    if live is None:
        yield Line("  not found on the platform (deleted, or hidden by access labels)", "yellow")
    kind = KINDS[document["kind"]]
    keyed_lists, forms = kind.keyed_lists, kind.forms(document["recorded"])
    for path, recorded in leaves(document["recorded"], keyed_lists):
        observed = value_at(live, path, keyed_lists) if live is not None else recorded
        # A secret is recorded as a digest, and the platform may not even say that it has it.
        if recorded == SENSITIVE or alike(forms, path, observed, recorded):
            yield Line(f"  {dotted(path)}: {place_value(path, recorded)}")
        else:
            there = place_value(path, observed)
            yield Line(f"  {dotted(path)}: recorded {place_value(path, recorded)}, live {there}", "yellow")
