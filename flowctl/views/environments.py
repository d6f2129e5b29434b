"""The environments of a workspace, as lines and as a JSON document."""

from collections.abc import Iterator
from typing import Any

from flowctl.model.environments_report import ListedEnvironment, ListedEnvironments
from flowctl.views.columns import Column, table_lines
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line
from flowctl.views.width import Width

_HANG = 2
_COLUMNS = (
    Column("NAME"),
    Column("ENDPOINT", wraps=True),
    Column("ORGANIZATION"),
    Column("SANDBOX"),
    Column("RESOURCES", right=True),
)


def environments_lines(data: ListedEnvironments, width: Width) -> Iterator[Line]:
    """One row for each environment, `*` behind the default one; then what keeps one from being used."""
    rows = [(_row(entry), "yellow" if entry.problems else "") for entry in data.environments]
    yield from table_lines(_COLUMNS, rows, width)
    yield Line()
    yield Line("* defaultEnvironment", "dim")
    for entry in data.environments:
        for problem in entry.problems:
            yield from (Line(line, "yellow") for line in width.sentence(f"{entry.name}: {problem}", 0, _HANG))


def environments_document(data: ListedEnvironments) -> dict[str, Any]:
    """The document of `env list`."""
    return envelope(
        environments=[
            {
                "name": entry.name,
                "default": entry.is_default,
                "embedded": entry.embedded,
                "endpoint": entry.endpoint,
                "organization": entry.organization,
                "sandbox": entry.sandbox,
                "lockfile": entry.lockfile,
                "resources": entry.resources,
                "problems": list(entry.problems),
            }
            for entry in data.environments
        ]
    )


def _row(entry: ListedEnvironment) -> tuple[str, ...]:
    return (
        f"{entry.name} *" if entry.is_default else entry.name,
        "the emulator in flowctl" if entry.embedded else entry.endpoint,
        entry.organization,
        entry.sandbox,
        "unreadable" if entry.resources is None else str(entry.resources),
    )
