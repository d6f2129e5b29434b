"""Text from outside inside Markdown: shown letter by letter, whatever Markdown or a code host would make of it."""

import re
from typing import Final

from flowctl.views.visible import QUOTED, visible

_PLAIN_CODE: Final = re.compile(r"[\w./-]+(?: [\w./-]+)*", re.ASCII)
_SIGN: Final = re.compile(r"[\\`*_{}\[\]<>|~&#@$!]|:(?=//)|(?<=\bwww)\.|(?<=\bGH)-(?=\d)", re.IGNORECASE)
"""What begins markup, a mention, a reference, a formula or a link."""
_EMOJI: Final = re.compile(r":[\w+-]+:")
_QUOTED: Final = re.compile(QUOTED)
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
    """The text as a sentence, with what stands in back-ticks as code.

    A word in which a sign means something to Markdown or to a code host is code too.
    """
    parts = enumerate(_QUOTED.split(visible(text)))
    shown = "".join(html_code(part) if number % 2 else _words(part) for number, part in parts)
    return " ".join(shown.split())


def _words(text: str) -> str:
    return _WORD.sub(lambda word: code(word[0]) if _SIGN.search(word[0]) or _EMOJI.search(word[0]) else word[0], text)
