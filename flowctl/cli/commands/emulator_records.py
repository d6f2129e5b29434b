"""`flowctl emulator record` and `compare`."""

from pathlib import Path
from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.option_types import HttpAddress, Number
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish
from flowctl.model.result import Status
from flowctl.views.lines import Line, tell, tell_lines


@click.command(
    "record",
    cls=Command,
    short_help="Record replies of Experience Platform.",
    examples=["flowctl emulator record --endpoint https://platform.adobe.io --out a.jsonl"],
)
@click.option("--endpoint", required=True, metavar="URL", help="Send every request to URL.")
@click.option(
    "--out",
    "out",
    default="platform-record.jsonl",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the record to this new file. Default: platform-record.jsonl.",
)
@click.option(
    "--port", default=0, metavar="N", type=Number(0, 65535), help="Listen on this port. Default: 0 (a free one)."
)
@click.option(
    "--connect-timeout",
    metavar="SECONDS",
    type=Number(0.1),
    help="Limit the time to open a connection (0.1 or more). Default: 10.",
)
@click.option(
    "--read-timeout",
    metavar="SECONDS",
    type=Number(0.1),
    help="Limit the time between two parts of a reply (0.1 or more). Default: 60.",
)
@global_options
@click.pass_context
def record(context: click.Context, /, endpoint: str, out: Path, port: int, **given: Any) -> None:
    """Pass requests on to Experience Platform, and write them with its replies to a file.

    Listens on this machine only. In the file, secrets, IDs, names and everything else that is not known to be structure
    is replaced: the same value by the same placeholder. Ctrl-C ends the record.
    """
    from flowctl.operations.recording import record as record_requests

    options = begin(context, given)
    network = {name: given[name] for name in ("connect_timeout", "read_timeout") if given.get(name) is not None}

    def announce(url: str) -> None:
        tell(f"listening on {url}")
        if not options.quiet:
            lines = (f"Requests go to {endpoint.rstrip('/')} and are written to {out}.", "Press Ctrl-C to stop.")
            tell_lines(Line(line) for line in lines)

    written = record_requests(
        endpoint, out, port=port, environ=options.environ, network=network, on_ready=announce, told=tell
    )
    exchanges = "exchange" if written == 1 else "exchanges"
    tell(f"Recorded {written} {exchanges} in {out}. Read the file before you share it.")


@click.command(
    "compare",
    cls=Command,
    short_help="Compare a record with the emulator.",
    examples=["flowctl emulator compare replies.jsonl", "flowctl emulator compare replies.jsonl --format json"],
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--url",
    metavar="URL",
    type=HttpAddress(),
    help="Use the emulator at URL (http://HOST:PORT). Default: a new one.",
)
@global_options
@click.pass_context
def compare(context: click.Context, /, file: Path, url: str | None, **given: Any) -> ExitCode:
    """Send the requests of a record to the emulator, and show where its replies differ.

    Exits with 3 if they differ. Times, IDs, authors, counts and prose are not compared.
    """
    from flowctl.operations.recording import compare as compare_record

    options = begin(context, given)
    report = compare_record(file, url)
    return finish(options, report, Status.DRIFT if report.differing else Status.OK)
