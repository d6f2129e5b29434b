"""The manifest of a new pipeline as text: what is sure is written, what is likely is a comment, the rest is listed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flowctl.model.exploration import SourceColumn
from flowctl.model.json_value import JSON
from flowctl.operations.drafting.matching import Match, is_path
from flowctl.operations.drafting.names import CHANGED, words_of
from flowctl.specs.connector import Connector
from flowctl.specs.flow_specs import pinned
from flowctl.text.writer import document_text

_MOMENTS = ("date-time", "date", "timestamp", "datetime")


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineDraft:
    """What a new pipeline is made of; `param` is `tableName` or `path`."""

    name: str
    connection: str
    connector: Connector | None
    param: str
    place: str
    format: str
    schema: str
    matches: tuple[Match, ...]
    today: date


def draft_text(draft: PipelineDraft, comments: Sequence[str] = ()) -> str:
    """The manifest, after comments.

    Every line of it is valid, and what is in question is a comment at the place of its mapping.
    """
    head = document_text(
        {
            "apiVersion": "flowctl/v1",
            "kind": "Pipeline",
            "metadata": {"name": draft.name},
            "source": _source(draft),
            "dataset": {"title": draft.name.replace("-", " ").capitalize(), "schema": draft.schema},
        },
        comments,
    )
    return head + "\n".join(("mappings:", *_mappings(draft.matches), *_questions(draft), *_rest(draft))) + "\n"


def _source(draft: PipelineDraft) -> dict[str, JSON]:
    source: dict[str, JSON] = {"connection": draft.connection}
    if draft.format:
        source["data"] = {"format": draft.format}
    source["params"] = {draft.param: draft.place}
    return source


def _mappings(matches: Sequence[Match]) -> Iterator[str]:
    sure = [match for match in matches if match.sure]
    for match in sure:
        yield f"  - {_row(match.column.name, match.sure)}"
    if not sure:
        first = next((match.column.name for match in matches if is_path(match.column.name)), "id")
        yield f"  - {_row(first, '_id')} # no column has the name of a field: choose what fills _id"


def _row(source: str, destination: str, below: str = "    ") -> str:
    """The item of a list, on two lines if it is long; `below` begins the second."""
    text = document_text({"row": {"source": source, "destination": destination}}).removeprefix("row:").strip()
    return f"\n{below}".join(line.strip() for line in text.splitlines())


def _questions(draft: PipelineDraft) -> Iterator[str]:
    likely = [match for match in draft.matches if match.likely]
    if likely:
        yield "  # Likely: remove the mark of those that are right."
        for match in likely:
            for path in match.likely:
                yield f"  # - {_row(match.column.name, path, '  #   ')} # {match.why}"
    rest = [match.column.name for match in draft.matches if not match.sure and not match.likely]
    if rest:
        yield "  # Columns without a field of their name:"
        for name in rest:
            yield f"  #   {_printed(name)}"


def _rest(draft: PipelineDraft) -> Iterator[str]:
    columns = [match.column for match in draft.matches]
    reads_tables = draft.connector is None or draft.connector.source_type == "Table"
    if reads_tables:
        changed = delta_columns(columns)
        if changed:
            yield document_text({"incremental": {"column": changed[0].name}}).rstrip("\n")
            yield from (f"# incremental may also be by {_printed(each.name)}" for each in changed[1:])
        else:
            yield "# incremental: {column: ...} # no column has a name or type that tells new rows from old ones"
    spec = pinned(draft.connector.flow_spec) if draft.connector is not None else None
    if spec is None or spec.schedule_schema is not None:
        midnight = datetime.combine(draft.today + timedelta(days=1), time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield document_text({"options": {"errorDiagnosticsEnabled": True}}).rstrip("\n")
        schedule: dict[str, JSON] = {"startTime": midnight, "frequency": "day", "interval": 1, "backfill": True}
        yield "# To start its runs yourself, with flowctl runs start: {startTime: ..., frequency: once}."
        yield document_text({"schedule": schedule}).rstrip("\n")


def delta_columns(columns: Sequence[SourceColumn]) -> list[SourceColumn]:
    """The columns that may tell new rows from old ones, the best first: times by their names, then other times."""

    def rank(column: SourceColumn) -> int:
        words = words_of(column.name).replace(" ", "")
        return next((place for place, word in enumerate(CHANGED) if word in words), len(CHANGED))

    times = [column for column in columns if column.type in _MOMENTS or rank(column) < len(CHANGED)]
    return sorted(times, key=lambda column: (rank(column), column.type not in _MOMENTS))


def _printed(name: str) -> str:
    """A name that stays on its line."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)
