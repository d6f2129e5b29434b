"""Connectors as lines: a table of all, or one with its parameters and manifests to copy."""

from collections.abc import Iterator

from flowctl.model.catalogue_report import AuthenticationType, Connectors, Parameter, ShownConnector
from flowctl.views.columns import Column, rows_lines, table_lines
from flowctl.views.lines import Line
from flowctl.views.width import Width

_UNCONFIRMED = "* No document confirms the names of its authentication type and parameters."
_COLUMNS = (Column("NAME"), *(Column(words, wraps=True) for words in ("TITLE", "CATEGORY", "FORMATS", "FLOW SPECS")))


def connectors_lines(data: Connectors, width: Width) -> Iterator[Line]:
    """One row for each connector; `*` marks those whose parameters no document confirms."""
    if not data.connectors:
        yield Line("No connector has this text in its name, title or category.")
        return
    rows = [
        (
            (
                entry.name if entry.verified else f"{entry.name} *",
                entry.title,
                entry.category,
                ", ".join(entry.formats),
                ", ".join(entry.flow_specs),
            ),
            "",
        )
        for entry in data.connectors
    ]
    yield from table_lines(_COLUMNS, rows, width)
    if not all(entry.verified for entry in data.connectors):
        yield Line()
        yield from (Line(line, "dim") for line in width.sentence(_UNCONFIRMED, 0, 2))


def connector_lines(data: ShownConnector, width: Width) -> Iterator[Line]:
    """One connector: what it is, its parameters, and the documents to copy."""
    entry = data.connector
    yield Line(f"{entry.name}: {entry.title}", "bold")
    facts = [
        ("  Category", entry.category),
        ("  Formats", ", ".join(entry.formats) or "none: omit `data`"),
        ("  Flow specs", ", ".join(entry.flow_specs)),
        ("  Connection spec", data.spec_id),
        ("  Verified", "yes" if entry.verified else "no: compare with the live connection spec"),
        ("  Evidence", data.evidence),
    ]
    yield from rows_lines(facts, width)
    for kind in data.authentication_types:
        yield from _authentication(kind, width)
    if not data.authentication_types:
        yield Line()
        yield Line("Needs no base connection.")
    yield Line()
    yield Line("Source parameters", "bold")
    yield from _parameters(data.source_params, width)
    yield Line()
    yield from (Line(f"  {line}", is_verbatim=True) for line in data.pipeline.splitlines())
    yield Line()
    yield from (Line(f"Read in {address}", is_verbatim=True) for address in data.documents)
    yield Line(f"See {data.page}", is_verbatim=True)


def _authentication(kind: AuthenticationType, width: Width) -> Iterator[Line]:
    yield Line()
    yield Line(f"Authentication type: {kind.name}", "bold")
    yield from _parameters(kind.params, width)
    yield Line()
    yield from (Line(f"  {line}", is_verbatim=True) for line in kind.manifest.splitlines())


def _parameters(params: tuple[Parameter, ...], width: Width) -> Iterator[Line]:
    if not params:
        yield Line("  none")
    yield from rows_lines(
        [
            (
                f"  {param.name}",
                ", ".join(word for word in (param.need, "secret" if param.secret else "") if word),
                param.explained,
            )
            for param in params
        ],
        width,
    )
