"""Documents: what a manifest declares, with the place of each value."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from flowctl.manifest.pulled import NOTHING, Pulled
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.quick_dataclass import quick_dataclass
from flowctl.text.inside import place_inside
from flowctl.text.nodes import is_scalar
from flowctl.text.positions import Step, ValuePath, key_span, node_at, span
from flowctl.text.source import TextProblem
from flowctl.text.substitution import Expanded

if TYPE_CHECKING:
    from flowctl.text.nodes import Node

Substituted: TypeAlias = Mapping[ValuePath, Expanded]
"""How scalars came out of `${...}`, by their place, in the order of the text."""


class NamedFile(NamedTuple):
    """A file that a document names: its path in the workspace, and its text or why it cannot be read."""

    path: str
    text: str | TextProblem


@quick_dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """One document of a manifest file, after substitution.

    `content` holds plain values, and Sensitive for each secret parameter of a connection. `file` is relative to the
    workspace, with forward slashes. `name` is empty where the document has none. `composed` gives the nodes, which
    know the place of each value, and `text` the text that they were composed from. `has_secrets` is false only where
    it is known that there are none. `files` are the files that the document names, by the name that it writes.
    `tenant` is the tenant ID of the organization, where the document needs it and it is known.
    """

    kind: str
    name: str
    content: Mapping[str, JSON]
    file: str
    composed: "Callable[[], Node]" = field(repr=False)
    expanded: Substituted = field(default_factory=dict, repr=False)
    has_secrets: bool = True
    text: Callable[[], str] = field(default=str, repr=False)
    files: Mapping[str, "NamedFile"] = field(default_factory=dict, repr=False)
    tenant: str = ""

    @property
    def root(self) -> "Node":
        """The node of the whole document."""
        return self.composed()

    def span(self, *path: Step) -> SourceSpan:
        """The place of the value at a path; where there is none, of its nearest parent."""
        return span(self.root, self.file, path)

    def span_inside(self, offset: int, *path: Step) -> SourceSpan:
        """The place of a character of the string at a path; of the whole string if it came out of `${...}`."""
        node = node_at(self.root, path)
        if not is_scalar(node) or path in self.expanded:
            return self.span(*path)
        return place_inside(node, self.text(), self.file, offset)

    def key_span(self, *path: Step) -> SourceSpan:
        """The place of the key at a path; where there is none, of its nearest parent's."""
        return key_span(self.root, self.file, path)

    def place(self, *path: Step) -> str:
        """The place of the value at a path as messages name it: file and line."""
        found = self.span(*path)
        return f"{found.file}:{found.line}"

    def at(self, *path: Step) -> JSON:
        """The value at a path, or None. Never raises: the document may have any shape."""
        value: JSON = self.content
        for step in path:
            if type(value) is dict:
                value = value.get(step)
            elif type(value) is list and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def substitution(self, *path: Step) -> Expanded | None:
        """How the value at a path came out of `${...}`, or None where it is written plainly."""
        return self.expanded.get(path)

    def strings(self) -> Iterator[tuple[ValuePath, str]]:
        """Path and text of every string as it is written in the file, in the order of the text."""
        return _strings(self.content, (), self.expanded)

    def shown(self, *path: Step) -> JSON:
        """The value at a path as messages show it: what comes out of the environment stays as it is written."""
        found = self.substitution(*path)
        return found.raw if found is not None and found.environment else self.at(*path)

    def written(self, *path: Step) -> str | None:
        """The number at a path as it stands in the file, such as `1e3`; None for anything else."""
        value = self.at(*path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return None if path in self.expanded else self.scalar(*path)

    def scalar(self, *path: Step) -> str | None:
        """The scalar at a path as it is written in the file, without quotes; None for a list or a mapping.

        Only of numbers and the like the value does not tell it.
        """
        found = self.expanded.get(path)
        if found is not None:
            return found.raw
        value = self.at(*path)
        if isinstance(value, str):
            return value
        node = node_at(self.root, path)
        return str(node.value) if is_scalar(node) else None

    def error(
        self,
        code: str,
        summary: str,
        *path: Step,
        detail: str = "",
        hint: str = "",
        at_key: bool = False,
        severity: Severity = Severity.ERROR,
    ) -> Diagnostic:
        """A diagnostic at a path of this document."""
        place = self.key_span(*path) if at_key else self.span(*path)
        return Diagnostic(code=code, summary=summary, severity=severity, detail=detail, hint=hint, span=place)


def _strings(value: JSON, path: ValuePath, expanded: Substituted) -> Iterator[tuple[ValuePath, str]]:
    if path in expanded:
        yield path, expanded[path].raw
    elif isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _strings(member, (*path, key), expanded)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index), expanded)


class Manifests(NamedTuple):
    """Every document of a workspace, and every problem of every file.

    `pulled` is what was read of schemas that only Experience Platform has. `digest` changes with the texts and with the
    variables that they use, never with a value of the environment. `lacks_tenant` says that a document needs the tenant
    ID of the organization, which is not known.
    """

    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]
    digest: str
    pulled: Pulled = NOTHING
    lacks_tenant: bool = False
