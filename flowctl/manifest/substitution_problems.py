"""What is wrong with the substitutions of a document: not set, not known, not written as one."""

from collections.abc import Iterator, Mapping

from flowctl.manifest.document import Document
from flowctl.manifest.positions import Step
from flowctl.manifest.secrets import PARAMS
from flowctl.manifest.substitute import Expanded
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.specs.wording import all_of, label, nearest

Path = tuple[Step, ...]


def substitution_problems(
    document: Document, substituted: Mapping[Path, object], secret: set[str], known: Mapping[str, JSON]
) -> Iterator[Diagnostic]:
    """What is wrong with the substitutions of a document; `secret` names the secret parameters."""
    for path in substituted:
        found = document.substitution(*path)
        if found is None:
            continue
        if found.unset:
            yield _unset(document, path, found, len(path) > 2 and path[:2] == PARAMS and path[2] in secret)
        for name in dict.fromkeys(found.not_text):
            yield document.error(
                "variable-not-utf-8",
                f"the value of the environment variable {name} is not UTF-8",
                *path,
                hint=f"Set {name} to text in UTF-8.",
            )
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
