"""What resources of Schema Registry are made of: those of the organization, told by their `$id`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from flowctl.kinds.identifier import CLASS_ID, DATA_TYPE_ID, FIELD_GROUP_ID
from flowctl.kinds.kind import Use

_FORMS: Final = {"field_group": FIELD_GROUP_ID, "data_type": DATA_TYPE_ID, "class": CLASS_ID}
_BEGIN: Final = "https://ns.adobe.com/"
_STANDARD: Final = frozenset({"xdm", "experience", "aep"})
"""What stands in the place of a tenant in the `$id` of a resource that Adobe provides."""


def own_parts(references: Iterable[object]) -> Iterator[Use]:
    """The field groups, data types and classes of an organization among some references."""
    for reference in references:
        if not isinstance(reference, str) or reference.removeprefix(_BEGIN).partition("/")[0] in _STANDARD:
            continue
        yield from (Use(kind=kind, id=reference) for kind, form in _FORMS.items() if form.holds(reference))


def references_in(value: Any) -> Iterator[str]:
    """Every `$ref` in a resource."""
    waiting = [value]
    for each in waiting:
        if isinstance(each, Mapping):
            if isinstance(each.get("$ref"), str):
                yield each["$ref"]
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
