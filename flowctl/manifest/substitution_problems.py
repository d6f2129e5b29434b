"""Problems of the substitutions in a document: variables that are not set or not known, and wrong syntax."""

from collections.abc import Iterator, Mapping, Sequence, Set

from flowctl.manifest.auth_params import PARAMS
from flowctl.manifest.document import Document, Substituted
from flowctl.manifest.lookalikes import is_shell_variable, lookalikes, near_substitution, own
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.text.positions import ValuePath
from flowctl.text.substitution import Expanded
from flowctl.validation.wording import all_of, code, codes, did_you_mean, key, nearest, quoted

_SECRET_CURE = "If it is the secret itself, move it to an environment variable."


def substitution_problems(
    document: Document,
    substituted: Substituted,
    secret: Set[str],
    places: Set[ValuePath],
    known: Mapping[str, JSON],
) -> Iterator[Diagnostic]:
    """What is wrong with the substitutions of a document.

    `secret` names the secret parameters below `auth.params`; `places` are those of other secrets.
    """
    for path, found in substituted.items():
        is_secret = (len(path) > 2 and path[:2] == PARAMS and path[2] in secret) or path in places
        if found.unset:
            yield _unset(document, path, found, is_secret)
        for name in dict.fromkeys(found.not_text):
            yield document.error(
                "variable-not-utf-8",
                f"the value of environment variable {code(name)} is not UTF-8",
                *path,
                hint=f"Set {code(name)} to a value in UTF-8.",
            )
        for name in found.unknown:
            near = nearest(name, known)
            yield document.error(
                "unknown-variable",
                f"variable {code(name)} has no value",
                *path,
                detail=f"Known variables: {all_of(codes(sorted(known)))}." if known and not near else "",
                hint=did_you_mean(
                    near,
                    f"Add {code(name)} to `variables` of the environment in flowctl.yaml, or use `--var {name}=VALUE`.",
                ),
            )
        for part in found.malformed:
            yield document.error(
                "malformed-substitution",
                f"{quoted(part)} is not a substitution",
                *path,
                detail="Expected `${env:NAME}` or `${var:NAME}`, without spaces.",
                hint=_hint(near_substitution(part), "Write `$${` if you mean the characters `${`."),
            )


def lookalike_problems(document: Document, secret: Set[str], *, everywhere: bool) -> Iterator[Diagnostic]:
    """Substitutions of other tools: an error in a secret, otherwise a warning."""
    for path, written in document.strings():
        is_secret = len(path) > 2 and path[:2] == PARAMS and path[2] in secret
        if is_secret:
            yield from _unsubstituted_secret(document, path, written)
        elif everywhere and path[:1] != ("mappings",):
            # In Data Prep's expressions ${env.NAME} is a field.
            for part, meant in lookalikes(written):
                yield document.error(
                    "looks-like-substitution",
                    f"{quoted(part)} is not a substitution of flowctl",
                    *path,
                    detail="flowctl sends it unchanged.",
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
    what = code(meant[0][0]) if meant else "the name of a variable"
    yield document.error(
        "looks-like-substitution",
        f"flowctl would send {what} as the secret {key(*path)}",
        *path,
        detail="flowctl replaces only `${env:NAME}` and `${var:NAME}` in manifests, not in the values of variables.",
        hint=_hint(meant[0][1], _SECRET_CURE) if meant else f"Write `${{env:NAME}}`. {_SECRET_CURE}",
    )


def _hint(meant: str, otherwise: str = "") -> str:
    return " ".join(filter(None, (f"Did you mean {code(meant)}?" if meant else "", otherwise)))


def _unset(document: Document, path: ValuePath, found: Expanded, is_secret: bool) -> Diagnostic:
    names = list(dict.fromkeys(found.unset))
    if is_secret:
        return document.error(
            "unset-secret",
            f"{not_set(names)}, so changes of the secret {key(*path)} are not detected",
            *path,
            hint=f"Set {all_of(codes(names))} before you apply.",
            severity=Severity.WARNING,
        )
    return document.error(
        "unset-variable",
        not_set(names),
        *path,
        detail=f"{key(*path)} uses it.",
        hint=set_them(names),
    )


def not_set(names: Sequence[str]) -> str:
    """Which environment variables are not set."""
    plural = len(names) > 1
    return f"environment variable{'s' if plural else ''} {all_of(codes(names))} {'are' if plural else 'is'} not set"


def set_them(names: Sequence[str]) -> str:
    """How to set environment variables."""
    return f"Run {all_of([code(f'export {name}=...') for name in names])}."
