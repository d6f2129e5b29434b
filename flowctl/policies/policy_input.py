"""The policy input, version 1: what rules look at, one entry for each document and each resource of a plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.documents.policy import LAST_RUN
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Sensitive
from flowctl.policies.rule import Waiver

INPUT_VERSION: Final = "1"
"""The version of the input: within one version members may be added, and none is removed or changed."""
HIDDEN: Final = str(Sensitive(None))
"""What stands for a secret that does not come out of the environment."""
XDM: Final = "xdm"
"""The member that is filled only if a path of a rule begins with it, as that of the last run is."""
_GOING: Final = frozenset({"delete", "forget"})


def nowhere(*_path: str | int) -> SourceSpan | None:
    """Have no place in a manifest."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, of `document` or of a resource that it describes.

    `body` is the manifest of a document as it is written, or the attributes of a resource as they are to be, of a
    deleted one as they are. `place` looks up where a path of the body stands in a manifest. `xdm` is what is known of
    the schema, and `last_run` of the last run of the pipeline; both are empty if nothing is known or no rule asks.
    """

    kind: str
    name: str
    environment: str
    actions: frozenset[str]
    body: JSONObject
    address: Address | None = None
    pipeline: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    effects: frozenset[str] = frozenset()
    place: Callable[..., SourceSpan | None] = nowhere
    waivers: tuple[Waiver, ...] = ()
    document: Document | None = None
    xdm: JSONObject = field(default_factory=dict)
    last_run: JSONObject = field(default_factory=dict)

    @property
    def is_document(self) -> bool:
        """Whether it is a document, in the words of manifests; else a resource, in those of plans."""
        return self.kind[:1].isupper()

    @property
    def is_going(self) -> bool:
        """Whether nothing of it is wanted."""
        return self.actions <= _GOING

    @property
    def body_name(self) -> str:
        """The member that holds the body."""
        return "manifest" if self.is_document else "attributes"

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.address if self.address is not None else f"{self.kind} {self.name}"

    def to_json(self) -> dict[str, JSON]:
        """The entry as the documentation describes it."""
        span = self.place()
        return {
            "kind": self.kind,
            "document": self.name,
            "address": self.address,
            "environment": self.environment,
            "actions": sorted(self.actions),
            "pipeline": self.pipeline,
            "labels": dict(self.labels),
            "effects": sorted(self.effects),
            "file": span.file if span is not None else None,
            "line": span.line if span is not None else None,
            XDM: self.xdm,
            LAST_RUN: self.last_run,
            self.body_name: self.body,
        }


def as_written(document: Document) -> JSONObject:
    """The content of a document, with `${...}` in place of what comes out of the environment, and no secret."""
    raw = {path: each.raw for path, each in document.expanded.items() if each.environment}
    written: JSONObject = _written(document.content, (), raw)
    return written


def _written(value: JSON, path: tuple[str | int, ...], raw: Mapping[tuple[str | int, ...], str]) -> JSON:
    if path in raw:
        return raw[path]
    if isinstance(value, Sensitive):
        return HIDDEN
    if isinstance(value, Mapping):
        return {name: _written(member, (*path, name), raw) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_written(item, (*path, number), raw) for number, item in enumerate(value)]
    return value
