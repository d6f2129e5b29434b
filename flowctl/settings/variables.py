"""Values of `${var:NAME}`: those of the environment, and those of `--var`, which win."""

from collections.abc import Mapping

from flowctl.manifest.lookalikes import near_substitution
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.settings.declaration import EnvironmentDeclaration, Environments, declared
from flowctl.text.scalars import resolve
from flowctl.text.substitution import OPENING, Deferred, expand
from flowctl.validation.wording import code, did_you_mean


def variables(workspace: Environments, environment_name: str, overrides: Mapping[str, str]) -> Mapping[str, JSON]:
    """The variables of an environment, without a look at environment variables.

    A value with `${env:NAME}` stays as it is written until a manifest uses it: other manifests do not need it.
    A value of `--var` is read as YAML, unless the environment declares that variable as a string: then it stays one.
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
            f"variable {code(name)} has another substitution than `${{env:NAME}}`",
            detail="The value of a variable cannot use another variable.",
            hint=did_you_mean(near, "Write its value or `${env:NAME}`; write `$${` if you mean the characters `${`."),
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
