"""Mappings in a CSV file: its rows with the place of each field, and what is wrong with its form."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from io import StringIO
from typing import Final, NamedTuple

from flowctl.late_pattern import late_pattern
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON
from flowctl.text.source import TextProblem
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest, quoted

COLUMNS: Final = ("source", "expression", "value", "destination", "identity", "identityGroup", "namespaceCode")
_ORIGINS: Final = COLUMNS[:3]
_BOOLEANS: Final = ("true", "false")
_SUBSTITUTION: Final = late_pattern(r"\$\{\s*(?:env|var)\s*:[^{}]*\}")
_ENCODINGS: Final = {";": "semicolons", "\t": "tabs"}


class FileRow(NamedTuple):
    """One row: the mapping that it declares, the line that it begins in, its text, and where its fields begin."""

    entry: Mapping[str, JSON]
    line: int
    written: str
    starts: Mapping[str, int]

    def place(self, file: str, column: str, offset: int) -> SourceSpan:
        """The place of a character of a field; of the row if it has no such field."""
        start = self.starts.get(column, 0)
        if self.written[start : start + 1] == '"':
            value = str(self.entry.get(column, ""))
            offset += 1 + value[:offset].count('"')
        index = start + (offset if column in self.starts else 0)
        *above, before = StringIO(self.written[:index] + "_", newline="")
        return SourceSpan(file=file, line=self.line + len(above), column=len(before))


class MappingFile(NamedTuple):
    """The rows of a file, and its problems."""

    rows: tuple[FileRow, ...]
    problems: tuple[TextProblem, ...]


@lru_cache(maxsize=256)
def mapping_file(text: str) -> MappingFile:
    """Return the mappings in the text of a file; a wrong header hides the rows."""
    import csv  # only where mappings are in a file

    lines = list(StringIO(text, newline=""))  # not splitlines, which ends a line at U+2028 and others too

    reader = csv.reader(lines, strict=True)
    rows: list[FileRow] = []
    problems: list[TextProblem] = []
    header: Sequence[str] = ()
    begin = 0
    try:
        for fields in reader:
            first, begin = begin, reader.line_num
            if not any(fields):
                continue
            if not header:
                header = [name.strip() for name in fields]
                problems += _header_problems(header, first + 1)
                if problems:
                    break
                continue
            row, problem = _row(header, fields, first + 1, "".join(lines[first:begin]))
            rows.append(row)
            problems += [problem] if problem else []
    except csv.Error:
        problems.append(
            _problem(
                "the quotes of the row are broken", begin + 1, hint="Close each quote, and double one inside of quotes."
            )
        )
    if not rows and not problems:
        problems.append(
            _problem("the file has no mapping", 1, hint=f"Write the header `{_header()}` and one row for each mapping.")
        )
    return MappingFile(rows=tuple(rows), problems=tuple(problems))


def _header() -> str:
    return ",".join(COLUMNS)


def _problem(summary: str, line: int, *, detail: str = "", hint: str) -> TextProblem:
    return TextProblem(code="mapping-file", summary=summary, detail=detail, hint=hint, line=line)


def _header_problems(header: Sequence[str], line: int) -> Iterator[TextProblem]:
    if len(header) == 1:
        other = next((name for sign, name in _ENCODINGS.items() if sign in header[0]), None)
        if other is not None:
            yield _problem(f"the columns are separated by {other}", line, hint="Separate them by commas.")
            return
    for name in header:
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            hint = did_you_mean(near, "Remove the column, or correct its name.")
            yield _problem(
                f"unknown column {quoted(name)}", line, detail=f"Known: {all_of(codes(COLUMNS))}.", hint=hint
            )
        elif header.count(name) > 1:
            yield _problem(f"the column {code(name)} is there twice", line, hint="Keep one of them.")
            return
    if "destination" not in header:
        yield _problem("the column `destination` is missing", line, hint="Add it.")
    elif not set(_ORIGINS) & set(header):
        yield _problem("there is no column with sources, expressions or values", line, hint="Add the column `source`.")


def _row(header: Sequence[str], fields: Sequence[str], line: int, written: str) -> tuple[FileRow, TextProblem | None]:
    given = {name: value for name, value in zip(header, fields, strict=False) if value.strip()}
    identity = given.get("identity", "false").strip().lower()
    entry: dict[str, JSON] = {name: value for name, value in given.items() if name != "identity"}
    if identity == "true":
        entry["identity"] = True
    row = FileRow(entry=entry, line=line, written=written, starts=_starts(header, fields, written))
    return row, _row_problem(header, fields, given, identity, line)


def _row_problem(
    header: Sequence[str], fields: Sequence[str], given: Mapping[str, str], identity: str, line: int
) -> TextProblem | None:
    origins = [name for name in _ORIGINS if name in given]
    if len(fields) > len(header):
        summary = f"the row has {len(fields)} fields, and the header has {len(header)}"
        return _problem(summary, line, hint="Put a field that contains a comma in double quotes.")
    if "destination" not in given:
        return _problem("the row has no `destination`", line, hint="Write the path of a field of the schema.")
    if len(origins) > 1:
        return _problem(f"the row has both {code(origins[0])} and {code(origins[1])}", line, hint="Keep one of them.")
    if not origins:
        return _problem("the row has no `source`, `expression` or `value`", line, hint="Fill in one of them.")
    found = next(filter(None, map(_SUBSTITUTION.search, given.values())), None)
    if found is not None:
        return _problem(
            f"{code(found[0])} is not replaced in a mapping file",
            line,
            hint="Write the value itself, or write the mappings into the manifest.",
        )
    if identity not in _BOOLEANS:
        return _problem(
            f"invalid value {quoted(given['identity'])} for `identity`",
            line,
            hint="Write `true` or `false`, or leave it empty.",
        )
    return None


def _starts(header: Sequence[str], fields: Sequence[str], written: str) -> dict[str, int]:
    """Where each field begins in the text of its row, its opening quote included."""
    starts: dict[str, int] = {}
    position = 0
    for name, value in zip(header, fields, strict=False):
        if value.strip():
            starts[name] = position
        if written.startswith('"', position):
            position += len(value) + value.count('"') + 2
        else:
            position += len(value)
        position += 1
    return starts
