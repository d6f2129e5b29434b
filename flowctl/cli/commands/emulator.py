"""`flowctl emulator serve`, `seed` and `reset`, and the group of these commands."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from flowctl import emulator
from flowctl.cli.asking import ask
from flowctl.cli.commands.emulator_records import compare, record
from flowctl.cli.help import Group
from flowctl.cli.option_types import Folder, HttpAddress, Number
from flowctl.cli.options import Options, approval_option, global_options
from flowctl.cli.run import begin, workspace_of
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import FlowctlError
from flowctl.model.json_value import JSONObject
from flowctl.operations.emulator_data import emulator_problems
from flowctl.regular_file import read_regular
from flowctl.specs.files import schemas_dir
from flowctl.strict_json import NotJson, parse, text_of
from flowctl.views.diagnostics import diagnostic_lines
from flowctl.views.lines import Line, tell, tell_lines

F = TypeVar("F", bound=Callable[..., Any])
_OTHERWISE = "Run the command with `--auto-approve` to delete the data without a question."


@click.group("emulator", cls=Group, examples=["flowctl emulator serve --port 8080", "flowctl emulator reset"])
def command() -> None:
    """Run the emulator of Experience Platform, for flowctl, curl or any other client."""


command.add_command(record)
command.add_command(compare)


@command.command(
    "serve",
    short_help="Serve the emulator until interrupted.",
    examples=["flowctl emulator serve --port 8080 --data-dir emulator-data"],
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Listen on this address. Default: 127.0.0.1.")
@click.option(
    "--port", default=0, metavar="N", type=Number(0, 65535), help="Listen on this port. Default: 0 (a free one)."
)
@click.option("--data-dir", metavar="DIR", type=Folder(), help="Keep the data in DIR. Default: in memory only.")
@click.option(
    "--sources",
    metavar="DIR",
    type=Folder(),
    help="Let runs read files from DIR/CONNECTION. Default: runs have made-up numbers.",
)
@click.option(
    "--specs",
    metavar="DIR",
    type=Folder(),
    help="Serve the connection specs and flow specs in DIR too. Default: only those of flowctl.",
)
@click.option(
    "--latency-ms", default=0, metavar="N", type=Number(0), help="Delay every reply by N milliseconds. Default: 0."
)
@global_options
def serve(
    host: str,
    port: int,
    data_dir: Path | None,
    sources: Path | None,
    specs: Path | None,
    latency_ms: int,
    **_given: Any,
) -> None:
    """Serve the emulator until interrupted. Without --data-dir, data is lost on exit."""
    from flowctl.emulator.http_server import CannotListen

    own = _own_specs(specs) if specs is not None else ()
    try:
        with emulator_problems(f"run `{_reset_command(data_dir)}`"):
            emulator.serve(
                specs_dir=schemas_dir(),
                own_specs=own,
                data_dir=data_dir,
                host=host,
                port=port,
                latency_ms=latency_ms,
                sources=sources,
                on_ready=_announce,
            )
    except CannotListen as error:
        raise FlowctlError.because(
            "cannot-listen",
            f"the emulator cannot listen on {host}, port {port}: {error}",
            hint="Choose another --host or --port. Port 0 finds a free one.",
        ) from error


def _own_specs(folder: Path) -> Sequence[tuple[str, JSONObject]]:
    """The specs in a folder; warnings are told. Raises FlowctlError for a folder or a file that cannot be used."""
    from flowctl.manifest.reading.own_specs import own_specs_of

    own, problems = own_specs_of(folder)
    if has_errors(problems):
        raise FlowctlError(problems)
    tell_lines(diagnostic_lines(problems))
    return own.bodies


def _of_a_running_one(command: F) -> F:
    command = click.option(
        "--data-dir",
        metavar="DIR",
        type=Folder(),
        help="Use the data in DIR. Default: .flowctl/local of the workspace.",
    )(command)
    return click.option("--url", metavar="URL", type=HttpAddress(), help="Use the emulator at URL (http://HOST:PORT).")(
        command
    )


@command.command(
    "seed",
    short_help="Load a scenario.",
    examples=["flowctl emulator seed scenario.json", "flowctl emulator seed scenario.json --url http://127.0.0.1:8080"],
)
@click.argument("file", type=click.Path(path_type=Path))
@_of_a_running_one
@global_options
@click.pass_context
def seed(context: click.Context, /, file: Path, url: str | None, data_dir: Path | None, **given: Any) -> None:
    """Send the requests in FILE to the emulator, by default to the one of the workspace."""
    options = begin(context, given)
    scenario = _scenario(file)
    with emulator_problems(f"run `{_reset_command(data_dir)}`"), _addressed(options, url, data_dir) as address:
        from flowctl.emulator.scenario import ScenarioError, load

        try:
            answers = load(address, scenario)
        except ScenarioError as error:
            raise _not_a_scenario(file, f"cannot be loaded: {error}") from error
    tell(f"Sent {len(answers)} requests of {file}.")


def _scenario(file: Path) -> Any:
    try:
        return parse(text_of(read_regular(file)))
    except OSError as error:
        raise _not_a_scenario(file, f"cannot be read: {error.strerror or error}") from error
    except NotJson as error:
        raise _not_a_scenario(file, f"is not JSON: {error.words} (line {error.line})") from error


def _not_a_scenario(file: Path, why: str) -> FlowctlError:
    return FlowctlError.because(
        "not-a-scenario", f"{file} {why}", hint="Correct the file: docs/reference/emulator.md describes scenarios."
    )


@command.command("reset", short_help="Delete all data of the emulator.", examples=["flowctl emulator reset"])
@_of_a_running_one
@approval_option
@global_options
@click.pass_context
def reset(
    context: click.Context,
    /,
    url: str | None,
    data_dir: Path | None,
    auto_approve: bool,
    **given: Any,
) -> None:
    """Delete all data of the emulator, by default of the one of the workspace."""
    options = begin(context, given)

    def approve() -> None:
        asked = f"Delete all data of {url or data_dir or 'the emulator of this workspace'}? This cannot be undone."
        ask(asked, approved=auto_approve, otherwise=_OTHERWISE)

    # Nobody is asked about an emulator that is not there, or about data that cannot be deleted.
    if url is not None:
        with emulator_problems():
            _reset_server(url.rstrip("/"), approve)
        return
    folder = _folder(options, data_dir)
    with emulator_problems(f"delete {folder}"):
        emulator.require_unused(folder)
        approve()
        emulator.reset(folder)


def _reset_server(address: str, approve: Callable[[], None]) -> None:
    from flowctl.emulator.scenario import ScenarioError, answers, reset

    try:
        answers(address)
        approve()
        reset(address)
    except ScenarioError as error:
        raise FlowctlError.because(
            "unreachable",
            f"{address} cannot be reset: {error}",
            hint="Start it with `flowctl emulator serve`, or correct --url.",
        ) from error


@contextmanager
def _addressed(options: Options, url: str | None, data_dir: Path | None) -> Iterator[str]:
    """The address of the emulator; without --url one is started in this process."""
    if url is not None:
        yield url.rstrip("/")
        return
    own = workspace_of(options)[0].own_specs.bodies if data_dir is None else ()
    with emulator.start(specs_dir=schemas_dir(), own_specs=own, data_dir=_folder(options, data_dir)) as running:
        yield running.url


def _folder(options: Options, data_dir: Path | None) -> Path:
    return data_dir or workspace_of(options)[0].root / ".flowctl" / "local"


def _reset_command(data_dir: Path | None) -> str:
    return shlex.join(["flowctl", "emulator", "reset", *(["--data-dir", str(data_dir)] if data_dir else [])])


_ENVIRONMENT = """\
Organization LOCAL@AdobeOrg, sandboxes prod and dev, client ID local-client, client secret local-secret,
token local-token. An environment for flowctl.yaml:

  environments:
    emulator:
      endpoint: {url}
      sandbox: dev

Press Ctrl-C to stop.
"""


def _announce(url: str) -> None:
    tell(f"listening on {url}")
    tell_lines(Line(line) for line in _ENVIRONMENT.format(url=url).splitlines())
