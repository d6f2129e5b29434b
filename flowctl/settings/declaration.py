"""An environment as flowctl.yaml declares it, before any environment variable is read."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.model.loopback import is_loopback
from flowctl.text.positions import Step
from flowctl.text.substitution import OPENING
from flowctl.validation.wording import all_of, codes, did_you_mean, key, nearest, quoted


class EnvironmentDeclaration(NamedTuple):
    """The raw settings of an environment, with `${env:NAME}` as it is written."""

    name: str
    content: Mapping[str, JSON] = {}
    document: Document | None = None

    def span(self, *path: Step) -> SourceSpan | None:
        """The place of a setting, or of its nearest parent that is declared."""
        return self.document.span("environments", self.name, *path) if self.document else None

    def key_span(self) -> SourceSpan | None:
        """The place of the environment's name."""
        return self.document.key_span("environments", self.name) if self.document else None


class Environments(Protocol):
    """The part of a workspace that tells its environments."""

    @property
    def environments(self) -> Mapping[str, EnvironmentDeclaration]:
        """The environments by name."""


def declared(environments: Mapping[str, EnvironmentDeclaration], name: str) -> EnvironmentDeclaration:
    """The environment of that name. Raises ManifestError with the nearest known one."""
    found = environments.get(name)
    if found is None:
        near = nearest(name, environments)
        raise ManifestError.because(
            "unknown-environment",
            f"there is no environment {quoted(name)}",
            detail=f"Known environments: {all_of(codes(sorted(environments)))}.",
            hint=did_you_mean(near, "Use one of these names with `-e`, or add it to `environments` in flowctl.yaml."),
        )
    return found


def literal_secrets(environments: Mapping[str, EnvironmentDeclaration]) -> Iterator[Diagnostic]:
    """A warning for each environment of another machine whose client secret is written in flowctl.yaml."""
    for name, declaration in environments.items():
        secret = (declaration.content.get("auth") or {}).get("clientSecret")
        endpoint = declaration.content.get("endpoint")
        if secret is None or OPENING in str(secret) or endpoint is None or is_loopback(str(endpoint)):
            continue
        yield Diagnostic(
            code="literal-secret",
            summary=f"the secret {key('environments', name, 'auth', 'clientSecret')} is written in flowctl.yaml",
            severity=Severity.WARNING,
            hint="Move it to an environment variable and write `${env:NAME}`.",
            span=declaration.span("auth", "clientSecret"),
        )
