"""The columns that tokens get: two blanks for each level, list items two behind their key."""

from dataclasses import dataclass, field
from typing import Final

from flowctl.text.layout.tokens import PROPERTIES, Kind, Token

STEP: Final = 2


@dataclass(slots=True, eq=False)
class Level:
    """An open collection: the column that its keys or dashes have, and the one that they get.

    `flat` is a list whose dashes stand below the first letter of its key. For brackets, `new` is the column of their
    line; `items` and `closing` are those of members and of the end, which follow from the first member.
    """

    old: int
    new: int
    is_list: bool = False
    flat: bool = False
    brackets: bool = False
    items: int = -1
    closing: int = -1
    opened: int = -1


@dataclass(slots=True)
class Nesting:
    """The collections that are open at a token, the outermost first."""

    levels: list[Level] = field(default_factory=list)
    _is_key: bool = False

    @property
    def block(self) -> Level | None:
        """The innermost collection that is not in brackets."""
        return next((level for level in reversed(self.levels) if not level.brackets), None)

    @property
    def inner(self) -> int:
        """The column of what belongs to the innermost block collection and has a line of its own."""
        block = self.block
        return block.new + STEP if block is not None else 0

    @property
    def in_brackets(self) -> bool:
        """Whether the innermost collection is one in brackets."""
        return bool(self.levels) and self.levels[-1].brackets

    def meet(self, token: Token) -> None:
        """Open and close what the token opens or closes, before it is written. Brackets are opened after that."""
        top = self.levels[-1] if self.levels else None
        match token.kind:
            case Kind.BLOCK_MAP | Kind.BLOCK_LIST:
                self.levels.append(Level(token.column, self.inner, is_list=token.kind is Kind.BLOCK_LIST))
            case Kind.BLOCK_END:
                if top is not None and top.flat:
                    self.levels.pop()
                self.levels.pop()
            case Kind.KEY | Kind.QUESTION | Kind.COLON if top is not None and top.flat:
                self.levels.pop()
            case Kind.DASH if top is not None and not top.is_list:
                self.levels.append(Level(token.column, self.inner, is_list=True, flat=True))
            case _:
                pass
        if token.kind is Kind.KEY:
            self._is_key = True

    def column(self, token: Token) -> int:
        """The column of a token that begins a line."""
        block = self.block
        if token.kind in (Kind.MARKER, Kind.END):
            return 0
        if self.in_brackets:
            return self.levels[-1].closing if token.kind is Kind.CLOSE else self.levels[-1].items
        if block is None:
            return 0
        if token.kind in (Kind.DASH, Kind.QUESTION, Kind.COLON):
            return block.new
        return block.new if self._is_key else block.new + STEP

    def written(self, token: Token) -> None:
        """A token was written: the next one does not begin the key that this one began; brackets may be closed."""
        if token.kind not in PROPERTIES:
            self._is_key = False
        if token.kind is Kind.CLOSE:
            self.levels.pop()

    def open(self, column: int, line: int | None) -> None:
        """Brackets are open in a column. `line` is the column of their line if they begin it, or others hold it."""
        block = self.block
        if line is not None:
            new = line
        elif self.in_brackets:
            new = self.levels[-1].new
        elif block is None:
            new = 0
        else:
            new = self.inner if block.is_list else block.new
        self.levels.append(Level(column, new, brackets=True, opened=column))

    def first_item(self, column: int | None) -> None:
        """Place the items of the innermost brackets: below the first one, if that has a column in their line."""
        level = self.levels[-1]
        level.items = level.new + STEP if column is None else column
        level.closing = level.new if column is None else level.opened
