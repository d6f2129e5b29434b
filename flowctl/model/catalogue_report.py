"""What `connectors` shows: the sources that flowctl knows, and one of them with all that its manifests need."""

from dataclasses import dataclass

from flowctl.model.json_value import JSONObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedConnector:
    """One source: its name in manifests, its title in Adobe's documentation, and what it reads."""

    name: str
    title: str
    category: str
    formats: tuple[str, ...]
    flow_specs: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectors:
    """The sources that were asked for, by name."""

    connectors: tuple[ListedConnector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: `need` is `required`, `one of these` or empty.

    `permitted` has the keys of JSON Schema that limit its values, `limits` says the same in sentences.
    """

    name: str
    need: str
    secret: bool
    meaning: str
    permitted: JSONObject
    limits: str

    @property
    def explained(self) -> str:
        """What it means, then what it may hold."""
        meaning = self.meaning.strip()
        end = "." if meaning and self.limits and meaning[-1] not in ".!?:" else ""
        return f"{meaning}{end} {self.limits}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationType:
    """One authentication type with its parameters, and a Connection document to copy."""

    name: str
    params: tuple[Parameter, ...]
    manifest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConnector:
    """One source with its connection spec, what its manifests need, and the documents in which that was read.

    `source` is the part of a Pipeline document that reads from it, `pipeline` the whole document, as YAML. `page` is
    the page about it in the documentation that came with flowctl.
    """

    connector: ListedConnector
    spec_id: str
    evidence: str
    documents: tuple[str, ...]
    authentication_types: tuple[AuthenticationType, ...]
    source_params: tuple[Parameter, ...]
    source: str
    pipeline: str
    page: str
