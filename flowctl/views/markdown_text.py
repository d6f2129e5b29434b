"""Text from outside inside Markdown: shown letter by letter, whatever Markdown or a code host would make of it."""

import re
from typing import Final

from flowctl.views.visible import visible

_PLAIN_CODE: Final = re.compile(r"[\w./-]+(?: [\w./-]+)*", re.ASCII)
_SIGN: Final = re.compile(r"[\\`*_{}\[\]<>|~&#@$!]|:(?=//)|(?<=\bwww)\.|(?<=\bGH)-(?=\d)", re.IGNORECASE)
"""What begins markup, a mention, a reference, a formula or a link."""
_EMOJI: Final = re.compile(r":[\w+-]+:")
_WORD: Final = re.compile(r"\S+")


def code(text: str) -> str:
    """The text as code, on one line, fit for a table too."""
    shown = visible(text)
    if _PLAIN_CODE.fullmatch(shown):
        return f"`{shown}`"
    return html_code(shown)


def html_code(text: str) -> str:
    """The text as code in HTML: inside it no code host looks for mentions, references or links."""
    return f"<code>{_SIGN.sub(lambda found: f'&#{ord(found[0])};', visible(text))}</code>"


def sentence(text: str) -> str:
    """The text as a sentence; a word in which a sign means something to Markdown or to a code host is code."""
    words = _WORD.sub(
        lambda word: code(word[0]) if _SIGN.search(word[0]) or _EMOJI.search(word[0]) else word[0], visible(text)
    )
    return " ".join(words.split())
