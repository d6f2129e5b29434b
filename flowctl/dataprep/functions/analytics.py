"""Functions on the strings of Adobe Analytics: lists of events, and lists of products."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flowctl.dataprep.types import Value


def _event(events: str, separator: str, name: str) -> tuple[str, str | None] | None:
    """Return value and ID of an event such as `event1=2.3:abc`, or None if it is not in a list."""
    for part in events.split(separator):
        found, _, id_ = part.strip().partition(":")
        key, _, value = found.partition("=")
        if key == name:
            return value or "1", id_ or None
    return None


def _event_id(events: str, name: str) -> str | None:
    found = _event(events, ",", name)
    return found[1] if found else None


def _event_value(events: str, name: str) -> str | None:
    found = _event(events, ",", name)
    return found[0] if found else None


def _fields(products: str, index: int) -> list[str | None]:
    """Return one field of every product; the fields are category, name, quantity, price, events and eVars."""
    rows = [product.split(";") for product in products.split(",")]
    return [(row[index].strip() or None) if len(row) > index else None for row in rows]


def _product_events(products: str, name: str) -> Iterator[tuple[str, str | None]]:
    for events in _fields(products, 4):
        found = _event(events or "", "|", name)
        if found:
            yield found


def _evars(products: str, name: str) -> list[str]:
    pairs = [part.partition("=") for evars in _fields(products, 5) if evars for part in evars.split("|")]
    return [value for key, _, value in pairs if key.strip() == name]


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "aa_get_event_id": _event_id,
    "aa_get_event_value": _event_value,
    "aa_get_product_categories": lambda products: _fields(products, 0),
    "aa_get_product_names": lambda products: _fields(products, 1),
    "aa_get_product_quantities": lambda products: _fields(products, 2),
    "aa_get_product_prices": lambda products: _fields(products, 3),
    "aa_get_product_event_values": lambda products, name: [value for value, _ in _product_events(products, name)],
    "aa_get_product_evars": _evars,
    "aa_get_product_events": lambda products, name: [
        {"id": id_, "value": value} for value, id_ in _product_events(products, name)
    ],
    "aa_get_product_event_ids": lambda products, name: [id_ for _, id_ in _product_events(products, name) if id_],
}
