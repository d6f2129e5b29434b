"""One built document to a Document: its kind, its types, its secrets, and every problem of its own."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

from flowctl.manifest.document import Document
from flowctl.manifest.head import not_a_mapping, unknown_head
from flowctl.manifest.misplaced import belongs
from flowctl.manifest.published import KINDS, schema
from flowctl.manifest.secrets import PARAMS, connector_of, secret_params, sensitive
from flowctl.manifest.substitution_problems import lookalike_problems, substitution_problems
from flowctl.manifest.wanted import converted
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.secret_places import sounds_secret
from flowctl.text.bounded import MOST
from flowctl.text.built import Built
from flowctl.text.nodes import Node
from flowctl.text.positions import Step, node_at, paths_of
from flowctl.text.reader import read
from flowctl.text.substitution import verbatim
from flowctl.validation.check import problems_of_document
from flowctl.validation.problem import Problem
from flowctl.validation.wording import label, one_of

Path = tuple[Step, ...]


def settle(
    built: Built, file: str, known_variables: Mapping[str, JSON], *, has_lookalikes: bool
) -> tuple[Document | None, list[Diagnostic]]:
    """The document, or None where it has no known kind, and its diagnostics in the order of the text.

    `has_lookalikes` says that there is something in the file that looks like another tool's substitution.
    """
    content = built.value
    document = Document(
        kind=_text(content, "kind"),
        name=_name(content),
        content=content if isinstance(content, dict) else {},
        file=file,
        composed=lambda: built.root,
        expanded=built.expanded,
    )
    if not isinstance(content, dict):
        return None, [not_a_mapping(document, content)] if built.sound else []
    if document.kind not in KINDS:
        return None, list(unknown_head(document, content))
    substituted = dict(paths_of(built.root, built.expanded)) if built.expanded else {}
    _convert(document, content, substituted)
    shape = shape_problems(document, content)
    secret = set(secret_params(content, built.root, built.expanded)) if document.kind == "Connection" else set()
    said = [*substitution_problems(document, substituted, secret, known_variables)]
    if secret or has_lookalikes:
        said += lookalike_problems(document, secret, everywhere=has_lookalikes)
    said += _hide(document, content, secret)
    places = {diagnostic.span for diagnostic in said}
    return document, [*said, *(diagnostic for diagnostic in shape if diagnostic.span not in places)]


def known_documents(contents: Sequence[JSONObject], data: bytes, file: str) -> list[Document]:
    """The documents of a file that is known to be good; it is composed only if a place in it is asked for.

    `data` are the bytes of the file, which hold no substitution.
    """

    @cache
    def roots() -> list[Node]:
        return [built.root for built in read(data.decode("utf-8-sig"), verbatim).documents]

    return [
        Document(
            kind=content["kind"],
            name=_name(content),
            content=content,
            file=file,
            composed=lambda place=place: roots()[place],  # type: ignore[misc]
        )
        for place, content in enumerate(contents)
    ]


def shape_problems(document: Document, value: JSON) -> list[Diagnostic]:
    """What the published schema of the document's kind does not accept in it."""
    found = problems_of_document(schema(document.kind), value)
    return [_fault(document, fault) for fault in islice(found, MOST + 1)]


def _text(content: JSON, key: str) -> str:
    value = content.get(key) if isinstance(content, dict) else None
    return value if isinstance(value, str) else ""


def _name(content: JSON) -> str:
    return _text(content.get("metadata"), "name") if isinstance(content, dict) else ""


def _convert(document: Document, content: JSON, substituted: Mapping[Path, object]) -> None:
    """Put numbers and booleans where the schema wants them and the text that came out reads as one."""
    for path in substituted:
        value = document.at(*path)
        if isinstance(value, str):
            read = converted(schema(document.kind), path, value)
            if read is not value:
                holder = content
                for step in path[:-1]:
                    holder = holder[step]
                holder[path[-1]] = read


def _fault(document: Document, fault: Problem) -> Diagnostic:
    found = fault.found
    if fault.shows_value:
        substitution = document.substitution(*fault.path)
        if substitution is not None and substitution.environment:
            found = f"the value of {substitution.raw}"
        elif fault.path[:1] == ("auth",) and fault.path != ("auth", "specName"):
            found = "another value"
        elif (written := document.written(*fault.path)) is not None:
            found = f"the number {written}"
    if fault.earlier is not None:
        found = f"{found} in line {document.span(*fault.earlier).line} too"
    detail = f"Expected {fault.expected}, found {found}." if fault.expected else ""
    moved = belongs(document.kind, fault.path, str(fault.path[-1])) if fault.code == "unknown-key" else ""
    hint = moved or _authentications(document, fault) or fault.hint
    return document.error(fault.code, fault.message, *fault.path, detail=detail, hint=hint, at_key=fault.at_key)


def _authentications(document: Document, fault: Problem) -> str:
    """The advice where a Connection does not name its authentication: those of its connector."""
    missing = {"auth is missing": "auth: {specName: ...} with", "auth.specName is missing": "specName:"}
    known = connector_of(document.content) if document.kind == "Connection" and fault.message in missing else None
    names = [f'"{spec.name}"' for spec in known.auth_specs] if known is not None else []
    return f"Add {missing[fault.message]} {one_of(names)}." if names else ""


def _hide(document: Document, content: JSON, secret: set[str]) -> Iterator[Diagnostic]:
    """Wrap the secret parameters, and warn of those that are written out."""
    known = connector_of(content)
    spec_name = str(document.at("auth", "specName"))
    for param in sorted(secret):
        path = (*PARAMS, param)
        node, value = node_at(document.root, path), document.at(*path)
        is_marked = known is not None and known.is_secret(spec_name, param)
        if isinstance(value, dict | list) and known is not None and not known.takes(spec_name, param, value):
            yield document.error(
                "wrong-type",
                f"{label(path)} must be text",
                *path,
                detail="It is a secret: expected text, found a list or a mapping.",
            )
        elif (is_marked or sounds_secret(param)) and not list(paths_of(node or document.root, document.expanded)):
            yield document.error(
                "literal-secret",
                f"{label(path)} is a secret and stands in the manifest",
                *path,
                hint="Put it into an environment variable and write ${env:NAME}.",
                severity=Severity.WARNING,
            )
        content["auth"]["params"][param] = sensitive(node, value, document.expanded, as_text=is_marked)
