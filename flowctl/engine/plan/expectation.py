"""Expectation: what wanted resources look like if nothing that they refer to changes; pure.

Nearly every resource of a plan is such a one, and all that this needs is known before the platform has answered.
"""

from collections.abc import Mapping
from typing import Any

from flowctl.model.address import Address
from flowctl.model.json_value import JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import Reference, Resource
from flowctl.model.values import transform


class _Open(Exception):  # noqa: N818 - reads as what happened
    """A value is not known yet."""


def expectation(
    desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry]
) -> Mapping[Address, JSONObject]:
    """The attributes with what the record says of references.

    Without the resources that are not recorded, refer to one that is not, or hold a look-up or a secret.
    """

    def fill(value: Any) -> Any:
        entry = entries.get(value.address) if isinstance(value, Reference) else None
        if entry is None:
            raise _Open
        return entry.output(value.output)

    expected: dict[Address, JSONObject] = {}
    for address, resource in desired.items():
        if address in entries:
            try:
                expected[address] = transform(resource.attributes, fill)
            except _Open:
                continue
    return expected
