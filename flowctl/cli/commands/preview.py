"""`flowctl preview`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.option_types import Number
from flowctl.cli.options import Options, global_options, network_options, show_values_option
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of
from flowctl.views.formats import Format

if TYPE_CHECKING:
    from flowctl.manifest.document import Document, Manifests
    from flowctl.operations.preview import Sample
    from flowctl.settings.workspace import Workspace

_SHOWN, _SHOWN_TO_SCRIPTS = 5, 1000


@click.command(
    "preview",
    cls=Command,
    examples=["flowctl preview shop-customers --input customers.csv", "flowctl preview shop-customers --rows 20"],
)
@click.argument("pipeline")
@click.option("--input", "input_", metavar="FILE", type=click.Path(path_type=Path), help="Map the rows of FILE.")
@click.option("--rows", metavar="N", type=Number(0), help="Show the first N rows. Default: 5 (1000 as JSON).")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the records to FILE.")
@show_values_option
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    /,
    pipeline: str,
    input_: Path | None,
    rows: int | None,
    out: Path | None,
    show_values: bool,
    **given: Any,
) -> ExitCode:
    """Show what the mappings of PIPELINE make of a sample file, or of rows of its source.

    Of rows of the source, only the form of values is shown unless you pass --show-values.
    """
    from flowctl.operations.pipelines import named_document, require_sound
    from flowctl.operations.preview import preview
    from flowctl.views.rows_progress import rows_progress

    options = begin(context, given)
    if input_ is not None and out is not None and _are_one_file(input_, out):
        raise click.UsageError("`--out` and `--input` are the same file", context)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    require_sound(manifests)
    document = named_document(manifests.documents, "Pipeline", pipeline)
    sample = _sample(options, given, workspace, environment, manifests, document, input_)
    shown = rows if rows is not None else _SHOWN_TO_SCRIPTS if options.format is Format.JSON else _SHOWN
    told = rows_progress(quiet=options.quiet)
    found = preview(manifests, document, sample, shown=shown, shows_values=show_values, out=out, told=told)
    return finish(options, found)


def _are_one_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them does not exist, or cannot
        return False


def _sample(
    options: Options,
    given: dict[str, Any],
    workspace: "Workspace",
    environment: str,
    manifests: "Manifests",
    document: "Document",
    path: Path | None,
) -> "Sample":
    if path is not None:
        from flowctl.operations.preview import file_sample

        return file_sample(path, str(path), document)
    from flowctl.operations.live_samples import LiveSamples

    with session_of(options, given, workspace, environment) as session:
        return LiveSamples.of(session, manifests).rows(document)
