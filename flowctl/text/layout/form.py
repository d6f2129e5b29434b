"""Write a YAML text anew, token by token: each line gets its column, and only blanks between tokens are rewritten."""

import re
from collections.abc import Sequence
from typing import Final

from flowctl.text.layout.lines import Line, joined
from flowctl.text.layout.nesting import Level, Nesting
from flowctl.text.layout.tokens import PROPERTIES, Kind, Token, tokens_of

_HEADER: Final = re.compile(r"([|>][0-9+-]*)([ \t]*)(#.*)?")
_DASH_COMMENT: Final = re.compile(r"#+ *- ")
_BEFORE_COMMENT: Final = 2
_SEPARATOR: Final = re.compile("[\x85\u2028\u2029]")


class NotInForm(Exception):  # noqa: N818 - reads as what happened
    """A text cannot be formatted; the message is the reason, as a clause."""


def formed(text: str) -> tuple[str, list[str]]:
    """A text with `\\n` at the end of its lines, in form, and its comments, in order. Raises YAMLError or NotInForm."""
    form = _Form(text)
    return joined(form.lines()), form.comments


class _Form:
    """A text that is being written."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._nesting = Nesting()
        self._done: list[Line] = []
        self._line = Line()
        self._before: Token | None = None
        self._place = 0
        self._began_in: int | None = None
        self._comment_column = -1
        self.comments: list[str] = []

    def lines(self) -> Sequence[Line]:
        """The lines of the new text."""
        open_before: list[Level] = []
        for token in tokens_of(self._text):
            self._nesting.meet(token)
            if token.is_mark:
                continue
            self._gap(token, open_before)
            self._token(token)
            self._nesting.written(token)
            self._before = token
            open_before = [level for level in self._nesting.levels if not level.brackets]
        return self._done

    def _gap(self, token: Token, open_before: Sequence[Level]) -> None:
        """Write what stands between the last token and this one: blanks, line ends and comments."""
        between = self._text[self._place : token.start]
        if not between.isascii() and _SEPARATOR.search(between):
            raise NotInForm("it has a line separator of Unicode")
        same, *below = between.split("\n")
        before = self._before
        if before is None or (self._place and self._text[self._place - 1] == "\n"):
            below = [same, *below]  # at the begin of the text, and behind a block scalar, a line begins
            same = ""
        if token.kind is Kind.END:
            below = [*below, ""]
        self._trailing(same)
        if not below:
            self._line.text += _blank(before, token)
        if before is not None and before.kind is Kind.OPEN:
            self._nesting.first_item(None if below else len(self._line.text))
        if not below:
            return
        column = self._nesting.column(token)
        if before is not None:
            self._end_line()
        for each in below[:-1]:
            self._between(each, token, column, open_before)
        self._line = Line(" " * column)
        self._began_in = column if self._nesting.in_brackets else None

    def _trailing(self, same: str) -> None:
        """A comment at the end of a line."""
        comment = same.strip(" \t")
        if not comment:
            return
        if not comment.startswith("#"):
            raise NotInForm("it has something that is neither YAML nor a comment")
        gap = len(same) - len(same.lstrip(" \t"))
        self._set_comment(comment, gap, self._place + gap)

    def _set_comment(self, comment: str, gap: int, start: int) -> None:
        self.comments.append(comment)
        self._line.comment = comment
        self._line.gap = gap or (_BEFORE_COMMENT if self._line.text else 0)
        self._line.column = self._comment_column = start - (self._text.rfind("\n", 0, start) + 1)

    def _end_line(self) -> None:
        self._done.append(self._line)
        if not self._line.comment:
            self._comment_column = -1
        self._line = Line()

    def _between(self, written: str, token: Token, column: int, open_before: Sequence[Level]) -> None:
        """A line between two tokens: empty, or a comment."""
        comment = written.strip(" \t")
        if comment and not comment.startswith("#"):
            raise NotInForm("it has something that is neither YAML nor a comment")
        if comment:
            self.comments.append(comment)
        was = len(written) - len(written.lstrip(" \t"))
        if not comment:
            self._done.append(Line())
            self._comment_column = -1
        elif was == self._comment_column:
            self._done.append(Line(comment=comment, column=was, goes_on=True))
        else:
            self._comment_column = -1
            place = self._comment_place(comment, was, token, column, open_before)
            self._done.append(Line(text=" " * place + comment))

    def _comment_place(self, comment: str, was: int, token: Token, column: int, open_before: Sequence[Level]) -> int:
        """The column of a comment: that of what follows, or of the collection before, if it was indented with that."""
        if self._nesting.in_brackets:
            return self._nesting.levels[-1].items
        closed = [level for level in open_before if level not in self._nesting.levels]
        if was > token.column:
            fitting = [level for level in closed if level.old <= was]
        else:
            is_item = was == token.column and _DASH_COMMENT.match(comment)
            fitting = [level for level in closed if is_item and level.flat and level.old == was]
        return fitting[-1].new if fitting else column

    def _token(self, token: Token) -> None:
        """Write a token at the end of the line."""
        if token.kind is Kind.BLOCK_SCALAR:
            self._block_scalar(token)
            return
        written = self._text[token.start : token.end]
        self._place = token.end
        if token.kind is Kind.OPEN:
            column = len(self._line.text)
            begins = not self._line.text.strip()
            self._line.text += written
            self._nesting.open(column, column if begins else self._began_in)
            return
        first, *others = written.split("\n")
        moved = len(self._line.text) - token.column
        self._line.text += first
        for other in others:
            self._line.text = _without_blanks(self._line.text, token)
            self._end_line()
            content = other.lstrip(" \t")
            column = max(len(other) - len(content) + moved, self._nesting.inner)
            self._line = Line(" " * column + content if content else "", fixed=not content)
        if others:
            self._began_in = None

    def _block_scalar(self, token: Token) -> None:
        """Write a block scalar: its lines are moved together."""
        head, *content = self._text[token.start : token.end].split("\n")
        header = _HEADER.fullmatch(head.rstrip(" \t"))
        if header is None:
            raise NotInForm("the first line of a block is unusual")
        self._line.text += header[1]
        if header[3]:
            self._set_comment(header[3], len(header[2]), token.start + header.start(3))
        old, new = self._block_columns(header[1], content)
        kept = len(content) if "+" in header[1] else _last(content, old)
        ends = token.end - len("\n".join(content[kept:])) if kept < len(content) else token.end
        self._place = ends
        if content[-1:] == [""] and kept == len(content):
            kept -= 1  # the end of the last line
        for line in content[:kept]:
            self._end_line()
            rest = line[old:] if line[:old].strip(" ") == "" else line.lstrip(" ")
            self._line = Line(" " * new + rest if rest else "", fixed=True)

    def _block_columns(self, header: str, content: Sequence[str]) -> tuple[int, int]:
        """The column in which the lines of a block scalar begin, and the one in which they will begin."""
        block = self._nesting.block
        digits = re.sub(r"[^0-9]", "", header)
        if digits:
            before, after = (block.old, block.new) if block is not None else (0, 0)
            return before + int(digits), after + int(digits)
        old = next((len(line) - len(line.lstrip(" ")) for line in content if line.strip(" ")), 0)
        return old, self._nesting.inner if block is not None else old


def _last(content: Sequence[str], old: int) -> int:
    """The number of lines of a block scalar up to the last one that is not empty."""
    for number in range(len(content), 0, -1):
        if content[number - 1][old:] or content[number - 1].strip(" "):
            return number
    return 0


def _without_blanks(line: str, token: Token) -> str:
    """A line of a scalar of several lines without the blanks at its end, unless a backslash before them keeps one."""
    stripped = line.rstrip(" \t")
    return line if token.style == '"' and stripped.endswith("\\") else stripped


def _blank(before: Token | None, token: Token) -> str:
    """What stands between two tokens of one line."""
    first = before.kind if before is not None else Kind.MARKER
    if token.kind is Kind.END:
        return ""
    if first is Kind.OPEN:
        return ""
    if token.kind in (Kind.CLOSE, Kind.COMMA):
        return " " if first in (Kind.COLON, Kind.TAG) else ""
    if token.kind is Kind.COLON:
        return " " if first in (Kind.ALIAS, Kind.COMMA, Kind.DASH, Kind.QUESTION, *PROPERTIES) else ""
    return " "
