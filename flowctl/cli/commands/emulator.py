"""`flowctl emulator serve`, `seed` and `reset`."""

import json
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
from flowctl.specs.files import schemas_dir
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
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_of_a_running_one
@global_options
@click.pass_context
def seed(context: click.Context, /, file: Path, url: str | None, data_dir: Path | None, **given: Any) -> None:
    """Load the scenario in FILE; without --url and --data-dir into the workspace's embedded platform."""
    options = begin(context, given)
    try:
        scenario = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise FlowctlError.because(
            "not-a-scenario", f"{file} is not JSON: {error}", hint="See the guide to the embedded platform."
        ) from error
    with _addressed(options, url, data_dir) as address:
        from flowctl.emulator.scenario import ScenarioError, load

        try:
            answers = load(address, scenario)
        except (ScenarioError, AttributeError, TypeError) as error:
            raise FlowctlError.because("not-a-scenario", f"{file} cannot be loaded: {error}") from error
    tell(f"{len(answers)} requests of {file} are done.")


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
    from flowctl.emulator.scenario import ScenarioError, answers
    from flowctl.emulator.scenario import reset as reset_data

    # Nobody is asked about an emulator that is not there.
    with _addressed(options, url, data_dir) as address:
        try:
            answers(address)
            asked = url or data_dir or "the emulator of this workspace"
            ask(f"Drop all data of {asked}?", approved=auto_approve)
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
    if data_dir is None:
        workspace, _ = workspace_of(options)
        data_dir = workspace.root / ".flowctl" / "local"
    with emulator.start(specs_dir=schemas_dir(), data_dir=data_dir) as running:
        yield running.url


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
