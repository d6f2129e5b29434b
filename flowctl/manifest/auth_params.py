"""Parameters below `auth.params`: which of them are secrets, and those as values. They leave this package only as
Sensitive."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from flowctl.late_pattern import late_pattern
from flowctl.manifest.document import Document, Substituted
from flowctl.masking.parts import secret_parts
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.model.resource import Sensitive
from flowctl.specs.catalogue import connector, connector_by_spec_id
from flowctl.specs.connector import Connector
from flowctl.specs.secret_places import is_described, is_secret_param, sounds_secret
from flowctl.text.positions import Step, ValuePath, node_at, scalars
from flowctl.text.scalars import loses_zeros
from flowctl.text.substitution import Expanded
from flowctl.validation.wording import key

if TYPE_CHECKING:
    from flowctl.text.nodes import ScalarNode

PARAMS = ("auth", "params")
Source: TypeAlias = tuple[str, str]
"""A variable: `env` or `var`, and its name."""
_VARIABLE: Final = late_pattern(r"\$\{(env|var):([^{}]*)\}")


def connector_of(content: Mapping[str, JSON]) -> Connector | None:
    """The catalogue's connector of a Connection document, by its name or by its connection spec id."""
    name = content.get("connector")
    if isinstance(name, str):
        return connector(name)
    spec = content.get("connectionSpec")
    if spec is None:
        return None
    spec_id = spec.get("id") if isinstance(spec, Mapping) else None
    return connector_by_spec_id(spec_id) if isinstance(spec_id, str) else None


def secret_params(content: Mapping[str, JSON], substituted: Substituted) -> Iterator[str]:
    """The names of the secret parameters of a document.

    They are the secrets of the authentication type, parameters that the catalogue does not describe and that come from
    an environment variable, and parameters that use the variable of another secret.
    """
    auth = content.get("auth")
    params = auth.get("params") if isinstance(auth, Mapping) else None
    if not isinstance(params, Mapping):
        return
    spec_name = str(auth.get("specName", "")) if isinstance(auth, Mapping) else ""
    known, parts = connector_of(content), _by_param(substituted)
    found: set[str] = set()
    for param, value in params.items():
        from_environment = any(each.environment for each in parts.get(param, ()))
        if is_secret_param(known, spec_name, param, value) or (
            from_environment and not is_described(known, spec_name, param)
        ):
            found.add(param)
    sources = {source for param in found for source in _sources(parts.get(param, ()))}
    for param in params:
        if param in found or sources.intersection(_sources(parts.get(param, ()))):
            yield param


def secret_sources(document: Document) -> Iterator[Source]:
    """The variables in the secret parameters of a finished document."""
    secret = {path[len(PARAMS)] for path in sensitive_places(document)} if document.expanded else ()
    parts = _by_param(document.expanded) if secret else {}
    for param in secret:
        yield from _sources(parts.get(param, ()))


def variables_of(found: Expanded, text: str = "") -> Iterator[Source]:
    """The variables in a string: in the whole scalar, or in a part of it."""
    for source, name in _VARIABLE.findall(text or found.raw):
        yield source, name
        if source == "var" and len(found.variables) == 1:
            # A variable of flowctl.yaml may itself be made of one of the environment.
            yield from (("env", inner) for inner in found.environment if f"{{env:{inner}}}" not in found.raw)


def _sources(parts: Iterable[Expanded]) -> Iterator[Source]:
    """The variables in a parameter; in a connection string, those of its secret parts."""
    for each in parts:
        for part in list(secret_parts(each.raw)) or [each.raw]:
            yield from variables_of(each, part)


def _by_param(substituted: Substituted) -> Mapping[Step, Sequence[Expanded]]:
    """The substituted scalars of each parameter."""
    found: dict[Step, list[Expanded]] = {}
    for path, each in substituted.items():
        if path[: len(PARAMS)] == PARAMS and len(path) > len(PARAMS):
            found.setdefault(path[len(PARAMS)], []).append(each)
    return found


def _sensitive(written: str | None, value: JSON, found: Sequence[Expanded], *, as_text: bool) -> Sensitive:
    """A secret as a value, from the scalar that is written, what was read from it and what was substituted in it.

    With `as_text` a scalar is the string that is written, as one that begins with zeros always is.
    """
    unset = next((name for each in found for name in each.unset), "")
    if unset:
        return Sensitive(None, unset)
    variable = next((name for each in found for name in each.environment), "")
    if written is not None and (as_text or loses_zeros(written)):
        return Sensitive(str(found[0].value) if found else written, variable)
    return Sensitive(value, variable)


def hide(document: Document, content: JSON, secret: Collection[str], substituted: Substituted) -> Iterator[Diagnostic]:
    """Wrap the secret parameters, and warn of those that are written in the manifest."""
    if not secret:
        return
    known, parts = connector_of(content), _by_param(substituted)
    spec_name = str(document.at("auth", "specName"))
    for param in sorted(secret):
        path = (*PARAMS, param)
        written, value = document.scalar(*path), document.at(*path)
        is_marked = known is not None and known.is_secret(spec_name, param)
        if isinstance(value, dict | list) and known is not None and not known.takes(spec_name, param, value):
            yield document.error(
                "wrong-type",
                f"{key(*path)} must be a string",
                *path,
                detail="It is a secret, and its value is a list or a mapping.",
                hint="Write `${env:NAME}`, and set the environment variable to the secret.",
            )
        elif (is_marked or sounds_secret(param)) and param not in parts:
            yield document.error(
                "literal-secret",
                f"the secret {key(*path)} is written in the manifest",
                *path,
                hint="Move it to an environment variable and write `${env:NAME}`.",
                severity=Severity.WARNING,
            )
        content["auth"]["params"][param] = _sensitive(written, value, parts.get(param, ()), as_text=is_marked)


def sensitive_places(document: Document) -> Iterator[ValuePath]:
    """The places of the secret parameters of a finished document."""
    params = document.at(*PARAMS)
    for param, value in params.items() if isinstance(params, Mapping) else ():
        if isinstance(value, Sensitive):
            yield (*PARAMS, param)


def secret_scalars(document: Document) -> "Iterator[ScalarNode]":
    """The nodes of the secret parameters of a finished document."""
    for place in sensitive_places(document):
        node = node_at(document.root, place)
        if node is not None:
            yield from (scalar for _, scalar in scalars(node))
