"""Text from outside inside HTML and SVG: every sign that could begin markup or end a value is an entity."""

from html import escape

from flowctl.views.visible import visible


def escaped(text: str) -> str:
    """The text on one line, fit for elements and for attributes in quotes."""
    return escape(visible(text), quote=True)
