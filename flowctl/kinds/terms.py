"""Terms: what a manifest calls the attributes of an object, which Experience Platform calls otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON
from flowctl.specs.catalogue import connector_by_spec_id

READING_ORDER: Final = (
    *("metadata", "source", "dataset", "target", "mappings"),
    *("incremental", "encryption", "schedule", "options", "state"),
)
"""The keys of a pipeline in the order in which a person reads them."""


def _as_it_is(value: JSON) -> JSON:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The key of a manifest for an attribute and for what is below it; None if no key stands for it.

    `refers` is the kind of the object that the attribute refers to, and `made_of` that of objects whose IDs are in it
    and which are told by name while they are new. `written` is the value as a manifest has it. A manifest leaves out
    what another attribute, `implied_by`, tells already.
    """

    key: Path | None = None
    refers: str = ""
    made_of: str = ""
    written: Callable[[JSON], JSON] = _as_it_is
    implied_by: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a kind. `root` is the key of a pipeline below which the others are; a document of its own has none.

    `terms` are told by the paths of attributes, `of_pipeline` are those above the root.
    """

    root: Path = ()
    terms: Mapping[Path, Term] = field(default_factory=dict)
    of_pipeline: Mapping[Path, Term] = field(default_factory=dict)

    def of(self, path: Path, *, in_pipeline: bool) -> Term:
        """The term of an attribute: that of the longest path that leads to it, and what follows; else its own path."""
        for length in range(len(path), 0, -1):
            begin, rest = path[:length], path[length:]
            above = self.of_pipeline.get(begin)
            term = above or self.terms.get(begin)
            if term is not None and term.key is None:
                return term
            if term is not None and term.key is not None:
                root = self.root if in_pipeline and above is None else ()
                return replace(term, key=(*root, *term.key, *rest))
        return Term(key=(*(self.root if in_pipeline else ()), *path))

    def leads_below(self, path: Path) -> bool:
        """Whether a term stands for a part of the attribute, so that its parts have different keys."""
        return any(len(known) > len(path) and known[: len(path)] == path for known in (*self.terms, *self.of_pipeline))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldList:
    """The attribute that lists fields by their path. `named` is the key of a manifest for a path, and `refers` the kind
    of the objects that fields may be of."""

    attribute: str
    refers: str
    named: Callable[[str], str]


def moment(value: JSON) -> JSON:
    """Epoch seconds as RFC 3339 in UTC; what is not a time stays as it is."""
    try:
        return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (TypeError, ValueError, OverflowError, OSError):
        return value


def _connector_name(value: JSON) -> JSON:
    known = connector_by_spec_id(value) if isinstance(value, str) else None
    return known.name if known is not None else value


NO_KEY: Final = Term()
TITLE: Final = Term(key=("title",))
CONNECTOR: Final[Mapping[Path, Term]] = {
    ("connectionSpec", "id"): Term(key=("connector",), written=_connector_name, implied_by=("baseConnectionId",)),
    ("connectionSpec", "version"): NO_KEY,
}
"""The connection spec, which most manifests give by the name of a connector."""
