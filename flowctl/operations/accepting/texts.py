"""Manifest files with edits, and the bytes that they would be on disk."""

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowctl.manifest.document import Document
from flowctl.model.errors import StateError
from flowctl.regular_file import read_regular
from flowctl.text.edit import Edit, NotEditable, document_at, edited
from flowctl.text.positions import ValuePath
from flowctl.text.source import MOST_BYTES, decode


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """The new text of a file, with its byte order mark if it has one."""

    new: str

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.new.encode("utf-8")


class EditRefused(Exception):  # noqa: N818 - reads as what happened
    """A document cannot be edited at a path; `why` is the reason, as a clause."""

    def __init__(self, document: Document, path: ValuePath, why: str) -> None:
        super().__init__(why)
        self.document, self.path, self.why = document, path, why


def edited_texts(root: Path, edits: Mapping[Document, Sequence[Edit]]) -> dict[str, FileText]:
    """The new texts of the files of these documents.

    Raises EditRefused, and StateError for a file that changed since it was read.
    """
    texts: dict[str, str] = {}
    places = {document: document_at(document.text(), document.root.start_mark.line) for document in edits}
    for document, changes in edits.items():
        text = texts.get(document.file)
        if text is None:
            text = _text_of(root, document)
        try:
            texts[document.file] = edited(text, places[document], changes)
        except NotEditable as error:
            raise EditRefused(document, error.path, error.why) from error
    return {file: FileText(new=_mark(root / file) + text) for file, text in texts.items()}


def _text_of(root: Path, document: Document) -> str:
    text = document.text()
    try:
        now = decode(read_regular(root / document.file, MOST_BYTES))
    except OSError:
        now = ""
    if now != text:
        raise StateError.because(
            "manifest-changed",
            f"{document.file} was changed while this command ran",
            detail="No manifest was changed by this command.",
            hint="Run the command again.",
        )
    return text


def _mark(path: Path) -> str:
    return "\ufeff" if read_regular(path, MOST_BYTES).startswith(BOM_UTF8) else ""
