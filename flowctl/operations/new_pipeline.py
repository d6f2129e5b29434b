"""A new pipeline from a source: its columns are read, matched with the fields of a schema, and written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.documents.pipeline import PIPELINE
from flowctl.manifest.documents.schema import SCHEMA
from flowctl.manifest.index import named
from flowctl.manifest.target_schema import target_schema
from flowctl.model.drafted import DraftedPipeline
from flowctl.model.errors import FlowctlError
from flowctl.operations.drafting.matching import matches, targets_of
from flowctl.operations.drafting.pipeline import PipelineDraft, draft_text
from flowctl.operations.explore import Account, account_of, columns_of
from flowctl.operations.new_manifest import (
    editor_line,
    folder_for,
    plain_name,
    require_free,
    require_name,
    write_manifest,
)
from flowctl.operations.session import Session
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest, quoted

_ENDINGS = {".json": "json", ".ndjson": "json", ".jsonl": "json", ".parquet": "parquet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a new pipeline reads and is called; empty for what is to be chosen."""

    connection: str
    table: str = ""
    path: str = ""
    schema: str = ""
    name: str = ""


def new_pipeline(session: Session, manifests: Manifests, wanted: Wanted, today: date) -> DraftedPipeline:
    """Write `pipelines/NAME.yaml`. Raises FlowctlError for a wrong choice or a file in the way, PlatformError."""
    schema = _schema(manifests, wanted.schema)
    if wanted.name:
        require_name(wanted.name, "pipeline")
    account = account_of(session, manifests, wanted.connection)
    place = wanted.table or wanted.path
    param = "tableName" if wanted.table else "path"
    _require_param(account, param)
    name = wanted.name or _name(account, place)
    require_free(manifests, PIPELINE.name, name)
    columns = columns_of(session, account, place).columns
    if not columns:
        raise FlowctlError.because(
            "nothing-to-map",
            f"{place} has no columns",
            hint=f"Run `flowctl explore {wanted.connection}` to see what is there.",
        )
    fields = target_schema(schema, named(manifests.documents), manifests.pulled)
    found = matches(columns, targets_of(fields.fields) if fields is not None else [])
    draft = PipelineDraft(
        name=name,
        connection=wanted.connection,
        connector=account.connector,
        param=param,
        place=place,
        format=_format(account, place),
        schema=schema.name,
        matches=found,
        today=today,
    )
    root = session.workspace.root
    folder = folder_for("pipelines", session.workspace.manifests)
    text = draft_text(draft, editor_line(root, folder))
    file = write_manifest(root, folder, name, text)
    return DraftedPipeline(
        name=name,
        file=file,
        sure=tuple((match.column.name, match.sure) for match in found if match.sure),
        likely=tuple((match.column.name, path, match.why) for match in found for path in match.likely),
        unmatched=tuple(match.column.name for match in found if not match.sure and not match.likely),
    )


def _schema(manifests: Manifests, name: str) -> Document:
    known = {each.name: each for each in manifests.documents if each.kind == SCHEMA.name}
    if name in known:
        return known[name]
    if not name and len(known) == 1:
        return next(iter(known.values()))
    listed = f"Known Schemas: {all_of(codes(sorted(known)))}." if known else "The workspace has no Schema document."
    raise FlowctlError.because(
        "unknown-schema",
        f"there is no Schema named {quoted(name)}" if name else "it is not clear which Schema the pipeline is for",
        detail=listed,
        hint=did_you_mean(nearest(name, known), "Use `--schema NAME` with the name of a Schema document."),
    )


def _name(account: Account, place: str) -> str:
    """A name for the document: of the connection and the table or file."""
    stem = Path(place.rstrip("/")).name.partition(".")[0] if "/" in place else place
    return plain_name(f"{account.name} {stem}") or "pipeline"


def _format(account: Account, place: str) -> str:
    if account.connector is None or not account.connector.reads_files:
        return ""
    return _ENDINGS.get(Path(place).suffix.lower(), "delimited")


def _require_param(account: Account, param: str) -> None:
    """Raise FlowctlError if a pipeline cannot read from this source by this parameter."""
    connector = account.connector
    if connector is None or account.has_param(param):
        return
    option, other = ("--table", "--path") if param == "tableName" else ("--path", "--table")
    fits = account.has_param("path" if param == "tableName" else "tableName")
    raise FlowctlError.because(
        "nothing-to-map",
        f"a pipeline from {connector.name} does not read a {'table' if param == 'tableName' else 'file'}",
        hint=f"Use `{other}` in place of `{option}`."
        if fits
        else f"Copy the manifest that `flowctl connectors {connector.name}` shows.",
    )
