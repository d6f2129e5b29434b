"""Flows like ones that were checked before: most pipelines have one of a few schedules, and little else."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from flowctl.manifest.checks.flow import flow_spec_of
from flowctl.manifest.checks.source import source_of
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import Check
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic

_APART: Final = frozenset({"apiVersion", "kind", "metadata", "source", "dataset", "target", "mappings"})
"""Keys of a pipeline whose values do not belong to its flow."""


def once_for_alike_flows(checks: Sequence[Check]) -> Check:
    """Checks of flows as one, which looks only once at flows that are alike.

    The checks ask for the connector and the flow spec, for the keys of the document, whether it has mappings, and for
    the values of the flow; nothing of those may be a secret.
    """

    def check(document: Document, index: Index) -> Iterator[Diagnostic]:
        alike = _alike(document, index)
        if index.is_good(alike):
            return
        found = [problem for each in checks for problem in each(document, index)]
        if not found:
            index.keep_good(alike)
        yield from found

    return check


def _alike(document: Document, index: Index) -> Hashable:
    content, source = document.content, source_of(document, index)
    values = {key: content[key] for key in content if key not in _APART}
    return (
        (source.connector, source.spec_id, flow_spec_of(document, index)),
        (tuple(content), bool(content.get("mappings")), repr(values)),
    )
