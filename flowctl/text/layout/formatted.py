"""Format a YAML text, and prove that nothing but its form has changed."""

from collections.abc import Iterator
from typing import Any

from yaml import events
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError

from flowctl.text.layout.form import NotInForm, formed
from flowctl.text.lines import ANY_LINE_END, newline_of
from flowctl.text.source import TextProblem, control_character
from flowctl.text.syntax import syntax_problem, unknown_syntax

__all__ = ["NotInForm", "formatted"]


def formatted(text: str) -> str | TextProblem:
    """The text in form, with the line ends that it has, or why it is not YAML.

    Raises NotInForm if its values, styles or comments would change, or if formatting it again would change it.
    """
    plain = ANY_LINE_END.sub("\n", text)
    try:
        new = _proven(plain)
    except MarkedYAMLError as error:
        return syntax_problem(error, text)
    except YAMLError:
        return control_character(text) or unknown_syntax()
    return new.replace("\n", newline_of(text))


def _proven(text: str) -> str:
    before = list(_content(text))
    new, comments = formed(text)
    if new == text:
        return text
    if not text.endswith("\n") and list(_content(new)) != before:
        new = new.removesuffix("\n")  # a line end would be part of the block at the end of the text
    try:
        if list(_content(new)) != before:
            raise NotInForm("a value would change")
        again, same_comments = formed(new)
    except YAMLError:
        raise NotInForm("it would no longer be YAML") from None
    if same_comments != comments:
        raise NotInForm("a comment would change")
    if again.removesuffix("\n") != new.removesuffix("\n"):
        raise NotInForm("formatting it again would change it again")
    return new


def _content(text: str) -> Iterator[tuple[Any, ...]]:
    """What a text holds: values, keys, styles, anchors and tags, in order, without places."""
    parser = CParser(text)
    while parser.check_event():
        event = parser.get_event()
        match event:
            case events.ScalarEvent():
                yield "scalar", event.anchor, event.tag, event.implicit, event.value, event.style
            case events.CollectionStartEvent():
                yield type(event).__name__, event.anchor, event.tag, event.implicit, event.flow_style
            case events.AliasEvent():
                yield "alias", event.anchor
            case events.DocumentStartEvent():
                yield "document", event.explicit, event.version, event.tags
            case events.DocumentEndEvent():
                yield "end", event.explicit
            case _:
                yield (type(event).__name__,)
