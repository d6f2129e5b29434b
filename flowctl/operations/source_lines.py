"""Read the line of a manifest that a diagnostic is about, without what may be a secret in it."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flowctl.manifest.reading.discover import ENDINGS, WORKSPACE_FILE
from flowctl.masking.secret_values import MASK, SecretValues
from flowctl.model.diagnostic import Diagnostic
from flowctl.regular_file import read_regular
from flowctl.specs.secret_places import has_harmless_name, sounds_secret
from flowctl.text.source import MOST_BYTES, decode

_LINE_ENDS: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_KEY: Final = re.compile(r"(?<![\w.-])(?:[^\WA-Za-z_]|[.-])*(?P<key>[A-Za-z_][\w.-]*)[\"']?\s*[:=]\s*")
"""A key, looked for only where a word begins: a long word would otherwise be read once for each of its letters."""
_FIRST_KEY: Final = re.compile(r"\s*(?:- +)*[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']?\s*:(?:\s|\Z)")
_URL_WITH_PASSWORD: Final = re.compile(r"://\S*@")
_NOT_SECRET_IN_AUTH: Final = frozenset({"auth", "params", "specName"})
_SCHEMES: Final = frozenset({"http", "https"})
_SUBSTITUTIONS: Final = frozenset({"env", "var"})
_WITHOUT_LINE: Final = frozenset(
    {
        *("empty-workspace-file", "file-too-large", "no-manifests", "not-utf-8", "outside-workspace"),
        *("too-many-problems", "unreadable-file", "invalid-url", "invalid-setting"),
    }
)
"""Codes of diagnostics about a whole file, and about values that may have a password anywhere."""


@dataclass(slots=True)
class SourceLines:
    """The lines of a workspace's YAML files; `folder` is the one in or below which the workspace is."""

    secrets: SecretValues
    folder: Path | None = None
    _lines: dict[str, Sequence[str]] = field(default_factory=dict)

    def of(self, diagnostic: Diagnostic) -> tuple[str, int] | None:
        """The line at fault and its column, from 1; None if there is none, or it cannot be shown."""
        span = diagnostic.span
        if span is None or diagnostic.code in _WITHOUT_LINE or not span.file.endswith(ENDINGS):
            return None
        if diagnostic.code.startswith("missing-") and span.column == 1:
            return None  # about a whole document
        if span.file not in self._lines:
            self._lines[span.file] = self._read(span.file)
        lines = self._lines[span.file]
        if span.line > len(lines) or span.column > len(lines[span.line - 1]) + 1:
            return None
        shown = _shown(lines, span.line - 1)
        if shown is None:
            return None
        return _without(lines[span.line - 1], self.secrets.masked(shown), span.column)

    def _read(self, file: str) -> Sequence[str]:
        root = self._root()
        if root is None:
            return ()
        try:
            text = decode(read_regular(root / file, MOST_BYTES), allows_conflict=True)
        except OSError:
            return ()
        return _LINE_ENDS.split(text) if isinstance(text, str) else ()

    def _root(self) -> Path | None:
        """The folder of the workspace."""
        if self.folder is None:
            return None
        start = Path(os.path.abspath(self.folder))  # noqa: PTH100 - links in the path stay
        folders = (start, *start.parents)
        return next((folder for folder in folders if os.path.isfile(folder / WORKSPACE_FILE)), None)  # noqa: PTH113


def _shown(lines: Sequence[str], place: int) -> str | None:
    """A line without values that may be secrets, whatever the document turns out to be; None for part of a secret."""
    line = lines[place]
    above = list(_above(lines, place))
    if any(map(sounds_secret, above)):
        return None
    in_auth = "auth" in above or re.search(r"\bauth[\"']?\s*:", line) is not None
    if in_auth and _FIRST_KEY.match(line) is None:
        return None
    for found in _KEY.finditer(line):
        key, value = found["key"], line[found.end() :]
        if key in _SUBSTITUTIONS and line.endswith("${", 0, found.start("key")):
            continue  # the name of a variable follows, not a value
        if key in _SCHEMES and value.startswith("//"):
            continue  # the beginning of a URL is not a key; a password in it is hidden below
        hides = sounds_secret(key) or (in_auth and key not in _NOT_SECRET_IN_AUTH and not has_harmless_name(key))
        if hides and value and not value.lstrip("\"'").startswith("${"):
            return line[: found.end()] + MASK
    return _URL_WITH_PASSWORD.sub(f"://{MASK}@", line)


def _above(lines: Sequence[str], place: int) -> Iterator[str]:
    """The keys of the mappings that a line is in, by its indentation."""
    depth = _indentation(lines[place])
    for line in reversed(lines[:place]):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith(("---", "...")):
            return
        indentation = _indentation(line)
        if indentation < depth:
            depth = indentation
            found = _FIRST_KEY.match(line)
            if found is not None:
                yield found["key"]
        if depth == 0:
            return


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _without(line: str, shown: str, column: int) -> tuple[str, int]:
    """The shown line with the column that belongs to the one of the original line."""
    rest = line[column - 1 :]
    if shown == line:
        return shown, column
    if line[: column - 1] == shown[: column - 1]:
        return shown, column
    if rest and shown.endswith(rest):
        return shown, len(shown) - len(rest) + 1
    same = (place for place, (one, other) in enumerate(zip(line, shown, strict=False), start=1) if one != other)
    return shown, next(same, min(len(line), len(shown)) + 1)
