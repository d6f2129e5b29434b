"""The tokens of a YAML text, each with its place, and the marks of structure that take no room."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from yaml import tokens as yaml_tokens
from yaml._yaml import CParser


class Kind(Enum):
    """What a token is. Those from BLOCK_MAP on take no room in the text."""

    SCALAR = auto()
    BLOCK_SCALAR = auto()
    ALIAS = auto()
    ANCHOR = auto()
    TAG = auto()
    DASH = auto()
    QUESTION = auto()
    COLON = auto()
    COMMA = auto()
    OPEN = auto()
    CLOSE = auto()
    MARKER = auto()
    END = auto()
    BLOCK_MAP = auto()
    BLOCK_LIST = auto()
    BLOCK_END = auto()
    KEY = auto()


PROPERTIES: Final = frozenset({Kind.ANCHOR, Kind.TAG})
"""What may stand before a value or a key and belongs to it."""
_KINDS: Final = {
    yaml_tokens.AliasToken: Kind.ALIAS,
    yaml_tokens.AnchorToken: Kind.ANCHOR,
    yaml_tokens.TagToken: Kind.TAG,
    yaml_tokens.BlockEntryToken: Kind.DASH,
    yaml_tokens.ValueToken: Kind.COLON,
    yaml_tokens.FlowEntryToken: Kind.COMMA,
    yaml_tokens.FlowMappingStartToken: Kind.OPEN,
    yaml_tokens.FlowSequenceStartToken: Kind.OPEN,
    yaml_tokens.FlowMappingEndToken: Kind.CLOSE,
    yaml_tokens.FlowSequenceEndToken: Kind.CLOSE,
    yaml_tokens.DocumentStartToken: Kind.MARKER,
    yaml_tokens.DocumentEndToken: Kind.MARKER,
    yaml_tokens.DirectiveToken: Kind.MARKER,
    yaml_tokens.StreamEndToken: Kind.END,
    yaml_tokens.BlockMappingStartToken: Kind.BLOCK_MAP,
    yaml_tokens.BlockSequenceStartToken: Kind.BLOCK_LIST,
    yaml_tokens.BlockEndToken: Kind.BLOCK_END,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token: where it begins and ends in the text, and its column."""

    kind: Kind
    start: int
    end: int
    column: int
    style: str = ""

    @property
    def is_mark(self) -> bool:
        """Whether it only tells the structure and takes no room."""
        return self.kind.value >= Kind.BLOCK_MAP.value


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a text, in order. Raises YAMLError if it is not YAML."""
    parser = CParser(text)
    while parser.check_token():
        token: Any = parser.get_token()
        start, end = token.start_mark, token.end_mark
        style = ""
        if isinstance(token, yaml_tokens.ScalarToken):
            style = token.style or ""
            kind = Kind.BLOCK_SCALAR if style in ("|", ">") else Kind.SCALAR
        elif isinstance(token, yaml_tokens.KeyToken):
            kind = Kind.QUESTION if end.index > start.index else Kind.KEY
        elif type(token) in _KINDS:
            kind = _KINDS[type(token)]
        else:
            continue  # the begin of the stream
        yield Token(kind, start.index, end.index, start.column, style)
