"""Read YAML text into documents: values now, and the places of values when they are asked for.

Simple YAML is read to its value directly. Any other text is composed, and so is one in which a place is needed; what
composes is imported then.
"""

from typing import TYPE_CHECKING, Any

from flowctl.text.built import Built, Reading
from flowctl.text.plain import NotPlain, plain_value
from flowctl.text.substitution import OPENING, Expand, Expanded

if TYPE_CHECKING:
    from flowctl.text.nodes import Node
    from flowctl.text.positions import ValuePath


def read(text: str, expand: Expand) -> Reading:
    """Read every document of a text. `expand` returns the value of a scalar with a substitution."""
    value = plain_value(text)
    if value is NotPlain:
        from flowctl.text.composing import read_composed

        return read_composed(text, expand)
    expanded: dict[ValuePath, Expanded] = {}
    if OPENING in text:
        value = _substituted(value, (), expand, expanded)
    built = Built(composed=_Later(text), value=value, expanded=expanded, sound=True, text=text)
    return Reading(documents=(built,), problems=())


def _substituted(value: Any, path: "ValuePath", expand: Expand, expanded: "dict[ValuePath, Expanded]") -> Any:
    """A value with its substitutions replaced in place; `expanded` gets those that were, in the order of the text."""
    if isinstance(value, str):
        if OPENING not in value:
            return value
        found = expand(value)
        if found.is_told:
            expanded[path] = found
        return found.value
    if isinstance(value, dict):
        for key, member in value.items():
            value[key] = _substituted(member, (*path, key), expand, expanded)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            value[index] = _substituted(item, (*path, index), expand, expanded)
    return value


class _Later:
    """The nodes of the only document of a text, composed when they are asked for."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self) -> "Node":
        from flowctl.text.composing import only_root

        return only_root(self._text)
