"""One built document to a Document: its kind, its types, its secrets, and every problem of its own."""

from collections.abc import Iterator, Mapping

from flowctl.manifest.build import Built
from flowctl.manifest.document import Document
from flowctl.manifest.positions import Step, node_at, paths_of
from flowctl.manifest.secrets import PARAMS, secret_params, sensitive
from flowctl.manifest.shape.faults import Fault, faults
from flowctl.manifest.shape.published import KINDS, WORKSPACE, accepts, schema
from flowctl.manifest.shape.wanted import converted
from flowctl.manifest.substitute import Expanded
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.specs.wording import all_of, label, nearest, one_of, value_words

Path = tuple[Step, ...]
API_VERSION = "flowctl/v1"


def settle(built: Built, file: str, known_variables: Mapping[str, JSON]) -> tuple[Document | None, list[Diagnostic]]:
    """The document, or None where it has no known kind, and its diagnostics in the order of the text."""
    content = built.value
    document = Document(
        kind=_text(content, "kind"),
        name=_name(content),
        content=content if isinstance(content, dict) else {},
        file=file,
        root=built.root,
        expanded=built.expanded,
    )
    if not isinstance(content, dict):
        return None, [_not_a_mapping(document, content)] if built.sound else []
    if document.kind not in KINDS:
        return None, list(_head(document, content))
    substituted = dict(paths_of(built.root, built.expanded)) if built.expanded else {}
    _convert(document, content, substituted)
    shape = shape_problems(document, content)
    secret = set(secret_params(content, built.root, built.expanded)) if document.kind == "Connection" else set()
    said = [*_substitutions(document, substituted, secret, known_variables), *_hide(document, content, secret)]
    places = {diagnostic.span for diagnostic in said}
    return document, [*said, *(diagnostic for diagnostic in shape if diagnostic.span not in places)]


def shape_problems(document: Document, value: JSON) -> list[Diagnostic]:
    """What the published schema of the document's kind does not accept in it."""
    if accepts(document.kind)(value):
        return []
    return [_fault(document, fault) for fault in faults(schema(document.kind), value)]


def _text(content: JSON, key: str) -> str:
    value = content.get(key) if isinstance(content, dict) else None
    return value if isinstance(value, str) else ""


def _name(content: JSON) -> str:
    return _text(content.get("metadata"), "name") if isinstance(content, dict) else ""


def _not_a_mapping(document: Document, content: JSON) -> Diagnostic:
    return document.error(
        "not-a-manifest",
        "a manifest must be a mapping",
        detail=f"Expected the keys apiVersion, kind and metadata, found {value_words(content)}.",
        hint="Keep other YAML files out of the folders that `manifests` in flowctl.yaml names.",
    )


def _head(document: Document, content: Mapping[str, JSON]) -> Iterator[Diagnostic]:
    """What is wrong with a document whose kind is not known; nothing below can be checked."""
    if content.get("apiVersion") != API_VERSION:
        found = f"found {value_words(document.shown('apiVersion'))}" if "apiVersion" in content else "found no such key"
        yield document.error(
            "not-a-manifest",
            f"apiVersion must be {API_VERSION}",
            "apiVersion",
            detail=f"Expected apiVersion: {API_VERSION}, {found}.",
            hint="Keep other YAML files out of the folders that `manifests` in flowctl.yaml names.",
        )
    if "kind" not in content:
        typo = nearest("kind", [key for key in content if key not in ("apiVersion", "metadata")])
        yield document.error(
            "missing-key",
            "kind is missing",
            detail=f"Expected one of {one_of(KINDS)}.",
            hint=f"Rename {typo} to kind." if typo else "Add kind.",
        )
    elif content["kind"] == WORKSPACE:
        yield document.error(
            "misplaced-workspace",
            "a Workspace is not a manifest",
            "kind",
            detail="Only flowctl.yaml at the top of the workspace is one.",
            hint="Leave this folder out of `manifests` in flowctl.yaml.",
        )
    else:
        near = nearest(document.kind, KINDS)
        yield document.error(
            "unknown-kind",
            f"there is no kind {value_words(document.shown('kind'))}",
            "kind",
            detail=f"Expected {one_of(KINDS)}, found {value_words(document.shown('kind'))}.",
            hint=f"Did you mean {near}?" if near else "",
        )


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


def _fault(document: Document, fault: Fault) -> Diagnostic:
    found = fault.found
    if fault.shows_value:
        substitution = document.substitution(*fault.path)
        if substitution is not None and substitution.environment:
            found = f"the value of {substitution.raw}"
        elif fault.path[:1] == ("auth",) and fault.path != ("auth", "specName"):
            found = "another value"
    detail = f"Expected {fault.expected}, found {found}." if fault.expected else ""
    return document.error(fault.code, fault.what, *fault.path, detail=detail, hint=fault.hint, at_key=fault.at_key)


def _substitutions(
    document: Document, substituted: Mapping[Path, object], secret: set[str], known: Mapping[str, JSON]
) -> Iterator[Diagnostic]:
    for path in substituted:
        found = document.substitution(*path)
        if found is None:
            continue
        if found.unset:
            yield _unset(document, path, found, len(path) > 2 and path[:2] == PARAMS and path[2] in secret)
        for name in found.unknown:
            near = nearest(name, known)
            yield document.error(
                "unknown-variable",
                f"the variable {name} has no value",
                *path,
                detail=f"Known variables: {all_of(sorted(known))}." if known else "No variables are set.",
                hint=f"Did you mean {near}?"
                if near
                else f"Add it to the environment's `variables` in flowctl.yaml, or give --var {name}=VALUE.",
            )
        for part in found.malformed:
            yield document.error(
                "malformed-substitution",
                f"{part} is not a substitution",
                *path,
                detail="Expected ${env:NAME} or ${var:NAME}, without blanks.",
                hint="Write $${ for a literal ${.",
            )


def _unset(document: Document, path: Path, found: Expanded, is_secret: bool) -> Diagnostic:
    names = all_of(list(dict.fromkeys(found.unset)))
    are = "are" if len(set(found.unset)) > 1 else "is"
    if is_secret:
        return document.error(
            "unset-secret",
            f"the environment variable {names} {are} not set",
            *path,
            detail=f"{label(path)} is a secret: it is not compared now, and needed as soon as it has to be sent.",
            hint=f"Set {names} before you apply.",
            severity=Severity.WARNING,
        )
    return document.error(
        "unset-variable",
        f"the environment variable {names} {are} not set",
        *path,
        detail="It is missing or empty.",
        hint=f"Set {names}, or write the value into the manifest.",
    )


def _hide(document: Document, content: JSON, secret: set[str]) -> Iterator[Diagnostic]:
    """Wrap the secret parameters, and warn of those that are written out."""
    for param in sorted(secret):
        path = (*PARAMS, param)
        hidden = sensitive(node_at(document.root, path), document.expanded)
        if hidden is None:
            yield document.error(
                "wrong-type",
                f"{label(path)} must be text",
                *path,
                detail="It is a secret: expected text, found a list or a mapping.",
            )
        elif document.substitution(*path) is None:
            yield document.error(
                "literal-secret",
                f"{label(path)} is a secret and stands in the manifest",
                *path,
                hint="Put it into an environment variable and write ${env:NAME}.",
                severity=Severity.WARNING,
            )
        content["auth"]["params"][param] = hidden if hidden is not None else ""
