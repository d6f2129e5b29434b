"""What is wrong with the substitutions of a document: not set, not known, not written as one."""

from collections.abc import Iterator, Mapping, Set

from flowctl.manifest.auth_params import PARAMS
from flowctl.manifest.document import Document, Substituted
from flowctl.manifest.lookalikes import is_shell_variable, lookalikes, near_substitution, own
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.text.positions import ValuePath, scalars
from flowctl.text.substitution import Expanded
from flowctl.validation.wording import all_of, label, nearest

_SECRET_CURE = "If it is the secret itself, put it into an environment variable."


def substitution_problems(
    document: Document, substituted: Substituted, secret: Set[str], known: Mapping[str, JSON]
) -> Iterator[Diagnostic]:
    """What is wrong with the substitutions of a document; `secret` names the secret parameters."""
    for path, found in substituted.items():
        is_secret = len(path) > 2 and path[:2] == PARAMS and path[2] in secret
        if found.unset:
            yield _unset(document, path, found, is_secret)
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
                hint=_hint(near_substitution(part), "Write $${ for a literal ${."),
            )


def lookalike_problems(document: Document, secret: Set[str], *, everywhere: bool) -> Iterator[Diagnostic]:
    """What looks like another tool's substitution: an error in a secret, which would be sent so, else a warning."""
    for path, node in scalars(document.root):
        is_secret = len(path) > 2 and path[:2] == PARAMS and path[2] in secret
        if is_secret:
            yield from _unsubstituted_secret(document, path, node.value)
        elif everywhere and path[:1] != ("mappings",):
            # In Data Prep's expressions ${env.NAME} is a field.
            for written, meant in lookalikes(node.value):
                yield document.error(
                    "looks-like-substitution",
                    f"{written} is not a substitution",
                    *path,
                    detail="It is sent as it is written.",
                    hint=_hint(meant),
                    severity=Severity.WARNING,
                )


def _unsubstituted_secret(document: Document, path: ValuePath, written: str) -> Iterator[Diagnostic]:
    found = document.substitution(*path)
    # A variable's value is not read again, so that even a right substitution would be sent as it is. What comes from
    # the environment is the secret itself, whatever it looks like.
    value = str(found.value) if found is not None and found.variables and not found.environment else ""
    meant = [*lookalikes(written), *lookalikes(value), *own(value)]
    if not meant and not any(map(is_shell_variable, (written, value))):
        return
    what = meant[0][0] if meant else "the name of a variable"
    yield document.error(
        "looks-like-substitution",
        f"{label(path)} is a secret and would be sent as {what}",
        *path,
        detail="Only ${env:NAME} and ${var:NAME} are replaced, in manifests and not in the values of variables.",
        hint=_hint(meant[0][1], _SECRET_CURE) if meant else f"Write ${{env:NAME}}. {_SECRET_CURE}",
    )


def _hint(meant: str, otherwise: str = "") -> str:
    return " ".join(filter(None, (f"Did you mean {meant}?" if meant else "", otherwise)))


def _unset(document: Document, path: ValuePath, found: Expanded, is_secret: bool) -> Diagnostic:
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
