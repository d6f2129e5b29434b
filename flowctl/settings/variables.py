"""Values of `${var:NAME}`: those of the environment, and those of `--var`, which win."""

from collections.abc import Mapping
from typing import Protocol

from flowctl.manifest.lookalikes import near_substitution
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.settings.declaration import EnvironmentDeclaration, declared
from flowctl.text.scalars import resolve
from flowctl.text.substitution import OPENING, Deferred, expand


class Environments(Protocol):
    """What is asked of a workspace here."""

    @property
    def environments(self) -> Mapping[str, EnvironmentDeclaration]:
        """The environments by name."""


def variables(workspace: Environments, environment_name: str, overrides: Mapping[str, str]) -> Mapping[str, JSON]:
    """The variables of an environment. Needs nothing of the process's environment.

    A value with `${env:NAME}` stays as it is written until a manifest uses it: other manifests need it not to be set.
    A text of `--var` is read as YAML would, unless the environment declares that variable as text: then it stays one.
    """
    declaration = declared(workspace.environments, environment_name)
    values: dict[str, JSON] = {
        name: _declared(declaration, name, value)
        for name, value in (declaration.content.get("variables") or {}).items()
    }
    for name, text in overrides.items():
        values[name] = text if isinstance(values.get(name), str | Deferred) else _read(text)
    return values


def _declared(declaration: EnvironmentDeclaration, name: str, value: JSON) -> JSON:
    if not isinstance(value, str) or OPENING not in value:
        return value
    found = expand(value, {}, {})
    if found.unknown or found.malformed:
        near = next(filter(None, map(near_substitution, found.malformed)), "")
        raise ManifestError.because(
            "malformed-substitution",
            f"the variable {name} is made of another variable, or of something that is no substitution",
            detail="A variable is written out, or is made of ${env:NAME}.",
            hint=f"Did you mean {near}?" if near else "Write its value, ${env:NAME}, or $${ for a literal.",
            span=declaration.span("variables", name),
        )
    return Deferred(value) if found.environment else found.value


def _read(text: str) -> JSON:
    try:
        value = resolve(text)
    except ValueError:
        return text
    # Nothing is text here: --var note= sets an empty text; and digits keep their leading zeros.
    return text if value is None or (isinstance(value, int | float) and str(value).lower() != text.lower()) else value
