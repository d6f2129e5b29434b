"""Samples on Experience Platform: rows of a source, and its own records beside those that were mapped here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowctl.engine.observe.candidates import Candidates
from flowctl.engine.observe.reading import find_objects, read_object
from flowctl.engine.observe.understood import understood
from flowctl.kinds.attribute_facts import base_connection, connection_spec_id, schema_of
from flowctl.kinds.exploration import table_request
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.parts.pipeline_addresses import mapping_set_address, source_connection_address
from flowctl.model.address import Address
from flowctl.model.errors import ManifestError
from flowctl.model.mapping_report import Difference, MappedRow
from flowctl.model.resource import Lookup, Reference, Resource
from flowctl.operations.preview import Sample
from flowctl.operations.session import Session
from flowctl.preview.comparison import record_differences
from flowctl.preview.requests import MOST_ROWS, records_of, records_request, rows_of, source_object
from flowctl.specs.catalogue import connector_by_spec_id


@dataclass(frozen=True, slots=True)
class LiveSamples:
    """Reads samples for the pipelines of manifests in an open session."""

    session: Session
    desired: Mapping[Address, Resource]

    @classmethod
    def of(cls, session: Session, manifests: Manifests) -> "LiveSamples":
        """The samples of these manifests."""
        return cls(session, desired_graph(manifests.documents))

    def rows(self, pipeline: Document) -> Sample:
        """The rows that Experience Platform shows of a pipeline's source. Raises ManifestError, PlatformError."""
        attributes = self.desired[source_connection_address(pipeline)].attributes
        connector = connector_by_spec_id(connection_spec_id(attributes))
        if connector is not None and not connector.object_type:
            raise ManifestError.because(
                "no-sample",
                f"{pipeline.name} reads from a streaming source, which has no rows to show",
                hint="Use a sample file: `--input FILE`.",
                span=pipeline.span("source"),
            )
        base = base_connection(attributes)
        if base is None:
            raise ManifestError.because(
                "no-sample",
                f"the source of {pipeline.name} has no base connection whose rows can be shown",
                hint="Use a sample file: `--input FILE`.",
                span=pipeline.span("source"),
            )
        kind, name, options = source_object(pipeline, connector.object_type if connector is not None else "")
        request = table_request(self._id(base), kind, name, rows=True, options=options)
        found = understood(request, self.session.send(request), rows_of)
        return Sample(name="rows of the source that Experience Platform shows", rows=found, is_live=True)

    def differences(self, pipeline: Document, rows: Sequence[MappedRow]) -> Iterator[Difference]:
        """Yield the places in which the records of Experience Platform differ from the local ones."""
        mapping_set = self.desired.get(mapping_set_address(pipeline))
        if mapping_set is None:
            return
        schema_id = self._id(schema_of(mapping_set.attributes))
        for start in range(0, len(rows), MOST_ROWS):
            part = rows[start : start + MOST_ROWS]
            request = records_request(pipeline, schema_id, [row.source for row in part])
            for row, record in zip(part, understood(request, self.session.send(request), records_of), strict=False):
                for each in record_differences(row.record, record):
                    place = f"row {row.row}: {each.path}" if len(rows) > 1 else each.path
                    yield Difference(place, each.expected, each.actual, "Experience Platform has another value.")

    def _id(self, value: object) -> str:
        """Return the ID that a reference or look-up stands for. Raises ManifestError if it is not there yet."""
        if isinstance(value, Reference):
            entry = self.session.ledger.lockfile.entries.get(value.address)
            if entry is None:
                raise ManifestError.because(
                    "not-applied",
                    f"`{value.address}` is not in the lockfile of environment {self.session.environment.name}",
                    hint=f"Run `flowctl -e {self.session.environment.name} apply` first, or work with a sample file.",
                    address=value.address,
                )
            return entry.id
        if isinstance(value, Lookup):
            return self._found(value)
        return str(value)

    def _found(self, lookup: Lookup) -> str:
        kind = KINDS[lookup.kind]
        if lookup.by == "id":
            live = read_object(kind, lookup.value, self.session.send)
            found = [live] if live is not None else []
        else:
            found = find_objects(kind, lookup.value, self.session.send)
        if len(found) != 1:
            detail, near = ("", "") if found else Candidates(KINDS, self.session.send).words(lookup)
            raise ManifestError.because(
                "lookup-not-found" if not found else "lookup-ambiguous",
                _unfound(kind, lookup, len(found)),
                detail=detail,
                hint=near or "Correct the reference, or write `{id: ...}`.",
            )
        return found[0].id if lookup.output == "id" else found[0].outputs[lookup.output]


def _unfound(kind: Kind, lookup: Lookup, found: int) -> str:
    label = "ID" if lookup.by == "id" else "title"
    if not found:
        return f'there is no {kind.title} with the {label} "{lookup.value}"'
    return f'{found} {kind.titles} have the {label} "{lookup.value}"'
