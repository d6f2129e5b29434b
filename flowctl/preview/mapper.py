"""A pipeline's mappings, ready to run: a row becomes a record, its problems, and the reasons to refuse it."""

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from flowctl.dataprep.mapping import Mapping as Prepared
from flowctl.dataprep.mapping import compile_mappings
from flowctl.dataprep.problem import Problem
from flowctl.dataprep.runtime import Runtime
from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.mapping_rows import as_sent, rows
from flowctl.manifest.pulled import Pulled
from flowctl.model.json_value import JSONValue
from flowctl.model.mapping_report import MappedRow, RowProblem
from flowctl.preview.schema_tree import SchemaTree, schema_tree
from flowctl.xdm.conformance import rules_of
from flowctl.xdm.destinations import place_in_record

Row = Mapping[str, JSONValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapper:
    """Runs the mappings of a pipeline. `mappings` are in the order of the manifest."""

    pipeline: str
    mappings: tuple[Prepared, ...]
    tree: SchemaTree
    run: Callable[[int, Row], MappedRow]

    @property
    def destinations(self) -> tuple[str, ...]:
        """The destinations in the order of the manifest."""
        return tuple(mapping.destination for mapping in self.mappings)


def mapper(pipeline: Document, documents: Named, pulled: Pulled, runtime: Runtime | None = None) -> Mapper:
    """Return what maps the rows of a pipeline."""
    tree = schema_tree(pipeline, documents, pulled)
    mappings = tuple(_prepared(mapping, tree) for mapping in declared_mappings(pipeline))
    rules = rules_of(tree.root)
    placed = [replace(each, destination=place_in_record(each.destination)) for each in mappings]
    compiled = compile_mappings(placed, runtime=runtime)

    def run(number: int, row: Row) -> MappedRow:
        mapped = compiled(row)
        errors = tuple(
            RowProblem(mappings[index].destination, problem.code, str(problem))
            for index, problem in mapped.problems.items()
        )
        record = cast(Row, mapped.data)  # converted values are JSON, which their type does not say
        refusals = tuple(RowProblem(*misfit) for misfit in rules(record))
        return MappedRow(row=number, source=row, record=record, errors=errors, refusals=refusals)

    return Mapper(pipeline=pipeline.name, mappings=mappings, tree=tree, run=run)


def frozen(now: datetime | None, seed: str) -> Runtime:
    """Return a clock that stands still, and random IDs that are the same in each run of the same seed."""
    chance = random.Random(seed)
    moment = now or datetime.now(UTC)
    return Runtime(now=lambda: moment, new_id=lambda: str(uuid.UUID(int=chance.getrandbits(128), version=4)))


def declared_mappings(pipeline: Document) -> Sequence[Mapping[str, JSONValue]]:
    """Return the mappings of a pipeline that have a destination, as they are sent."""
    return [as_sent(row.entry) for row in rows(pipeline) if isinstance(row.entry.get("destination"), str)]


def _prepared(mapping: Mapping[str, JSONValue], tree: SchemaTree) -> Prepared:
    destination = str(mapping["destination"])
    node, wrong = tree.node(destination)
    problem = Problem("destination-unknown", wrong) if wrong else None
    if "expression" in mapping:
        return Prepared("EXPRESSION", str(mapping["expression"]), destination, node, problem)
    if "value" in mapping:
        return Prepared("STATIC", str(mapping["value"]), destination, node, problem)
    return Prepared("ATTRIBUTE", str(mapping.get("source", "")), destination, node, problem)
