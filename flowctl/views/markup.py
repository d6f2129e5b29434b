"""Text from outside inside HTML and SVG: every sign that could begin markup or end a value is an entity."""

import re
from html import escape

from flowctl.views.visible import QUOTED, visible


def escaped(text: str) -> str:
    """The text on one line, fit for elements and for attributes in quotes."""
    return escape(visible(text), quote=True)


def sentence(text: str) -> str:
    """The text of a message for an element, with what stands in back-ticks as code."""
    return re.sub(QUOTED, r"<code>\1</code>", escaped(text))
