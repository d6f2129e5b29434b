"""What a document's published schema does not accept, in words and with places."""

from itertools import islice

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.misplaced import belongs
from flowctl.manifest.published import schema
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.text.bounded import MOST
from flowctl.validation.check import problems_of_document
from flowctl.validation.problem import Problem
from flowctl.validation.wording import code, found_instead, written_path


def shape_problems(document: Document, value: JSON, kinds: DocumentKinds | None = None) -> list[Diagnostic]:
    """What the published schema of the document's kind does not accept in it.

    `kinds` may have advice; left out, they are those of the registry, which is imported only if something is wrong.
    """
    found = list(islice(problems_of_document(schema(document.kind), value), MOST + 1))
    if not found:
        return []
    from flowctl.manifest.registry import DOCUMENT_KINDS

    known = DOCUMENT_KINDS if kinds is None else kinds
    return [_fault(document, fault, known) for fault in found]


def _fault(document: Document, fault: Problem, kinds: DocumentKinds) -> Diagnostic:
    found, is_hidden = fault.found, False
    if fault.shows_value:
        substitution = document.substitution(*fault.path)
        if substitution is not None and substitution.environment:
            found, is_hidden = f"the value of {code(substitution.raw)}", True
        elif fault.path[:1] == ("auth",) and fault.path != ("auth", "specName"):
            found, is_hidden = "another value", True
        elif (written := document.written(*fault.path)) is not None:
            found = f"the number {written}" if fault.code == "wrong-type" else written
    if fault.earlier is not None:
        found = f"{found} at line {document.span(*fault.earlier).line} too"
    moved = belongs(kinds, document.kind, fault.path, str(fault.path[-1])) if fault.code == "unknown-key" else ""
    kind = kinds.get(document.kind)
    hint = moved or (kind.advice(document, fault) if kind is not None else "") or fault.hint
    if is_hidden and fault.code == "invalid-name":
        hint = "Set it to another name."
    summary, expected = fault.message, "" if moved else fault.expected
    if expected and found and fault.shows_value and not is_hidden:
        place = code(written_path(fault.path))
        # A list or a mapping is not named: where it is says enough.
        shown = "" if found in ("a list", "a mapping") else f" {found}"
        summary, found = summary.replace(f" for {place}", f"{shown} for {place}"), ""
    detail = found_instead(expected, found)
    return document.error(fault.code, summary, *fault.path, detail=detail, hint=hint, at_key=fault.at_key)
