"""`flowctl emulator serve`, `seed` and `reset`."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from flowctl import emulator
from flowctl.cli.asking import ask
from flowctl.cli.options import Options, global_options
from flowctl.cli.run import begin, workspace_of
from flowctl.model.errors import FlowctlError
from flowctl.operations.emulator_data import emulator_problems
from flowctl.regular_file import read_regular
from flowctl.specs.files import schemas_dir
from flowctl.strict_json import NotJson, parse, text_of
from flowctl.views.lines import Line, tell, tell_lines

F = TypeVar("F", bound=Callable[..., Any])


@click.group("emulator")
def command() -> None:
    """The embedded platform, served over HTTP for flowctl, curl or any other client."""


@command.command("serve", short_help="Serve the emulator until interrupted.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The port; 0 takes a free one.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Keep the data here.")
@click.option("--latency-ms", default=0, type=click.IntRange(0), help="Delay every reply.")
@global_options
def serve(host: str, port: int, data_dir: Path | None, latency_ms: int, **_given: Any) -> None:
    """Serve the platform until interrupted; without --data-dir its data is gone afterwards."""
    from flowctl.emulator.server import CannotListen

    try:
        with emulator_problems(_reset_command(data_dir)):
            emulator.serve(
                specs_dir=schemas_dir(),
                data_dir=data_dir,
                host=host,
                port=port,
                latency_ms=latency_ms,
                on_ready=_announce,
            )
    except CannotListen as error:
        raise FlowctlError.because(
            "cannot-listen",
            f"the emulator cannot listen on {host}, port {port}: {error}",
            hint="Choose another --host or --port; port 0 takes a free one.",
        ) from error


def _of_a_running_one(command: F) -> F:
    command = click.option(
        "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="The folder with its data."
    )(command)
    return click.option("--url", help="Where it is served, such as http://127.0.0.1:8080.")(command)


@command.command("seed", short_help="Load a scenario.")
@click.argument("file", type=click.Path(path_type=Path))
@_of_a_running_one
@global_options
@click.pass_context
def seed(context: click.Context, /, file: Path, url: str | None, data_dir: Path | None, **given: Any) -> None:
    """Load the scenario in FILE; without --url and --data-dir into the workspace's embedded platform."""
    options = begin(context, given)
    scenario = _scenario(file)
    with emulator_problems(_reset_command(data_dir)), _addressed(options, url, data_dir) as address:
        from flowctl.emulator.scenario import ScenarioError, load

        try:
            answers = load(address, scenario)
        except ScenarioError as error:
            raise _not_a_scenario(file, f"cannot be loaded: {error}") from error
    tell(f"{len(answers)} requests of {file} are done.")


def _scenario(file: Path) -> Any:
    try:
        return parse(text_of(read_regular(file)))
    except OSError as error:
        raise _not_a_scenario(file, f"cannot be read: {error.strerror or error}") from error
    except NotJson as error:
        raise _not_a_scenario(file, f"is not JSON: {error.words} (line {error.line})") from error


def _not_a_scenario(file: Path, why: str) -> FlowctlError:
    return FlowctlError.because("not-a-scenario", f"{file} {why}", hint="See the guide to the emulator.")


@command.command("reset", short_help="Drop all data.")
@_of_a_running_one
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
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
    """Give the emulator fresh data; without --url and --data-dir the workspace's embedded platform."""
    options = begin(context, given)
    asked = f"Drop all data of {url or data_dir or 'the emulator of this workspace'}?"
    try:
        # Nobody is asked about an emulator that is not there.
        with _addressed(options, url, data_dir) as address:
            _reset(address, asked, approved=auto_approve)
    except emulator.DataError:
        # Nothing can be asked of data that cannot be used: it is removed, and the next start makes it anew.
        ask(asked, approved=auto_approve)
        with emulator_problems(f"remove {_folder(options, data_dir)}"):
            emulator.discard(_folder(options, data_dir))


def _reset(address: str, asked: str, *, approved: bool) -> None:
    from flowctl.emulator.scenario import ScenarioError, answers
    from flowctl.emulator.scenario import reset as reset_data

    try:
        answers(address)
        ask(asked, approved=approved)
        reset_data(address)
    except ScenarioError as error:
        raise FlowctlError.because(
            "unreachable",
            f"{address} cannot be reset: {error}",
            hint="Serve the emulator with flowctl emulator serve, or correct --url.",
        ) from error


@contextmanager
def _addressed(options: Options, url: str | None, data_dir: Path | None) -> Iterator[str]:
    """Where the emulator answers; one that is not served is started for the while."""
    if url is not None:
        yield url.rstrip("/")
        return
    with emulator.start(specs_dir=schemas_dir(), data_dir=_folder(options, data_dir)) as running:
        yield running.url


def _folder(options: Options, data_dir: Path | None) -> Path:
    return data_dir or workspace_of(options)[0].root / ".flowctl" / "local"


def _reset_command(data_dir: Path | None) -> str:
    return shlex.join(["flowctl", "emulator", "reset", *(["--data-dir", str(data_dir)] if data_dir else [])])


_ENVIRONMENT = """\
organization LOCAL@AdobeOrg, sandboxes prod and dev, client local-client, secret local-secret, token local-token
an environment for flowctl.yaml:

  environments:
    emulator:
      endpoint: {url}
      sandbox: dev

Ctrl-C ends it
"""


def _announce(url: str) -> None:
    tell(f"listening on {url}")
    tell_lines(Line(line) for line in _ENVIRONMENT.format(url=url).splitlines())
