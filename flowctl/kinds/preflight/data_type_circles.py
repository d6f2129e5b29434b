"""Data types that would contain themselves through an `$id`, checked before anything is sent.

A circle of documents alone is reported when the manifests are read.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, Final

from flowctl.kinds.identifier import listed
from flowctl.kinds.live_check import Answers, Desired, LiveCheck, Read
from flowctl.kinds.registry_parts import own_parts, references_in
from flowctl.kinds.schema_registry import DATA_TYPES, next_page
from flowctl.kinds.whole_lists import whole_list
from flowctl.model.address import Address
from flowctl.model.chain import chain
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import Unknown
from flowctl.validation.wording import all_of, code, quoted

_KIND: Final = "data_type"
_WRITES: Final = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.IMPORT)


def circle_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each data type of the plan that would have a field of its own type, at any depth."""
    written = {_node(change): change for change in changes if change.kind == _KIND and change.action in _WRITES}
    if not written or not any(_names_an_id(each.attributes) for at, each in desired.items() if at.kind == _KIND):
        return ()
    uses, names = yield from _live()
    uses |= {node: list(_references(change.desired).values()) for node, change in written.items()}
    names |= {node: code(change.address.name) for node, change in written.items()}
    return [
        _problem(change, path, [names.get(each, code(each)) for each in between], desired)
        for node, change in written.items()
        for path, between in _circle(node, change, uses)
    ]


def _node(change: Change) -> str:
    """The node of a data type: its ID, or its address as long as it has no ID."""
    return str(change.remote_id or change.address)


def _names_an_id(attributes: Mapping[str, Any]) -> bool:
    return any(use.kind == _KIND for use in own_parts(entry.get("ref") for entry in attributes["fields"]))


def _references(attributes: JSONObject) -> dict[str, str]:
    """The data types of fields by the path of the field."""
    found = {}
    for entry in attributes["fields"]:
        ref = entry.get("ref")
        if ref is not None:
            found[str(entry["path"])] = str(ref.address) if isinstance(ref, Unknown) else str(ref)
    return found


def _live() -> Generator[Sequence[Read[object]], Answers, tuple[dict[str, list[str]], dict[str, str]]]:
    """What each data type of the sandbox refers to, and its title as messages show it."""
    pages = yield from whole_list(DATA_TYPES.all(), next_page)
    bodies = [body for page in pages for body in listed(page.body["results"])]
    uses = {body["$id"]: list(references_in(body)) for body in bodies}
    return uses, {body["$id"]: quoted(str(body.get("title"))) for body in bodies}


def _circle(node: str, change: Change, uses: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, list[str]]]:
    """The first field through which a data type contains itself, and the data types between."""
    for path, used in _references(change.desired).items():
        between = chain(used, node, uses)
        if between is not None:
            yield path, between
            return


def _problem(change: Change, path: str, between: Sequence[str], desired: Desired) -> Diagnostic:
    return Diagnostic(
        code="recursive-data-type",
        summary=f"the data type {code(change.address.name)} contains itself"
        + (f" through {all_of(between)}" if between else ""),
        detail="No record can be described by such a type.",
        hint="Remove the field, or give it another type.",
        address=change.address,
        span=desired[Address.of(change.address.name, _KIND)].place("fields", f"[{path}]", "ref"),
    )
