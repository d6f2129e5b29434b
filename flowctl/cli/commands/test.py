"""`flowctl test`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import Options, global_options, network_options, selection_of, selection_options
from flowctl.cli.run import begin, choice_of, finish, manifests_of, session_of, workspace_of
from flowctl.model.result import Status

if TYPE_CHECKING:
    from flowctl.model.mapping_report import MappingTests


@click.command(
    "test",
    cls=Command,
    examples=["flowctl test", "flowctl test contacts --format junit", "flowctl test contacts --record sample.csv"],
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@selection_options
@click.option("--live", is_flag=True, help="Compare with the preview of Experience Platform too.")
@click.option("--update", is_flag=True, help="Write the snapshots of sample cases.")
@click.option(
    "--record",
    "sample",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write a first test of pipeline NAME from FILE.",
)
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    /,
    names: tuple[str, ...],
    live: bool,
    update: bool,
    sample: Path | None,
    **given: Any,
) -> ExitCode:
    """Run all tests of mappings, or those called NAME."""
    from flowctl.operations.first_test import record_test
    from flowctl.operations.mapping_tests import PIPELINE, TEST, chosen_tests, run_tests
    from flowctl.operations.pipelines import named_document, require_sound
    from flowctl.operations.selecting import narrowed_manifests
    from flowctl.operations.snapshots import Snapshots

    options = begin(context, given)
    if sample is not None and (len(names) != 1 or live or update or selection_of(given)):
        raise click.UsageError(
            "`--record` needs the name of one pipeline, and cannot be combined with another option of `test`", context
        )
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    choice = choice_of(context, given, manifests, workspace, environment, along=(TEST,))
    manifests = narrowed_manifests(manifests, choice)
    require_sound(manifests)
    if sample is not None:
        pipeline = named_document(manifests.documents, PIPELINE, names[0])
        return finish(options, record_test(manifests, pipeline, sample, root=workspace.root))

    tests = chosen_tests(manifests, names, choice)
    tested = {test.content["pipeline"] for test in tests}
    chosen = choice.names(PIPELINE) if choice is not None else None
    pipelines = [
        document
        for document in manifests.documents
        if document.kind == PIPELINE
        and (chosen is None or document.name in chosen)
        and (not names or document.name in tested)
    ]
    snapshots = Snapshots(workspace.root, updates=update)
    if not live:
        return _end(options, run_tests(manifests, tests, pipelines, root=workspace.root, snapshots=snapshots))
    from flowctl.operations.live_samples import LiveSamples

    with session_of(options, given, workspace, environment) as session:
        ask = LiveSamples.of(session, manifests).differences
        ends = run_tests(manifests, tests, pipelines, root=workspace.root, snapshots=snapshots, live=ask)
    return _end(options, ends)


def _end(options: Options, ends: "MappingTests") -> ExitCode:
    return finish(options, ends, Status.ERROR if ends.failed else Status.OK)
