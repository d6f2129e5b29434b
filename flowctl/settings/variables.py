"""Values of `${var:NAME}`: those of the environment, and those of `--var`, which win."""

from collections.abc import Mapping
from typing import Protocol

from flowctl.manifest.scalars import resolve
from flowctl.manifest.substitute import OPENING, expand
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.settings.declaration import EnvironmentDeclaration, declared


class Environments(Protocol):
    """What is asked of a workspace here."""

    @property
    def environments(self) -> Mapping[str, EnvironmentDeclaration]:
        """The environments by name."""


def variables(workspace: Environments, environment_name: str, overrides: Mapping[str, str]) -> Mapping[str, JSON]:
    """The variables of an environment. Needs nothing of the process's environment.

    A text of `--var` is read as YAML would, unless the environment declares that variable as text: then it stays one.
    """
    declaration = declared(workspace.environments, environment_name)
    values: dict[str, JSON] = {
        name: _declared(declaration, name, value)
        for name, value in (declaration.content.get("variables") or {}).items()
    }
    for name, text in overrides.items():
        values[name] = text if isinstance(values.get(name), str) else _read(text)
    return values


def _declared(declaration: EnvironmentDeclaration, name: str, value: JSON) -> JSON:
    if not isinstance(value, str) or OPENING not in value:
        return value
    found = expand(value, {}, {})
    if found.environment or found.unknown or found.malformed:
        raise ManifestError.because(
            "malformed-substitution",
            f"the variable {name} is made of another value",
            detail="A variable is written out, so that a manifest reads the same on every machine.",
            hint="Write ${env:NAME} in the manifest, or give --var NAME=VALUE.",
            span=declaration.span("variables", name),
        )
    return found.value


def _read(text: str) -> JSON:
    try:
        value = resolve(text)
    except ValueError:
        return text
    # Nothing is text here: --var note= sets an empty text; and digits keep their leading zeros.
    return text if value is None or (isinstance(value, int | float) and str(value).lower() != text.lower()) else value
