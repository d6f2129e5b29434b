"""`flowctl emulator serve`."""

import sys
from pathlib import Path
from typing import Any

import click

from flowctl import emulator
from flowctl.cli.options import global_options
from flowctl.specs.files import schemas_dir


@click.group("emulator")
def command() -> None:
    """The embedded platform, served over HTTP for flowctl, curl or any other client."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The port; 0 takes a free one.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Keep the data here.")
@click.option("--latency-ms", default=0, type=click.IntRange(0), help="Delay every reply.")
@global_options
def serve(host: str, port: int, data_dir: Path | None, latency_ms: int, **_given: Any) -> None:
    """Serve the platform until interrupted; without --data-dir its data is gone afterwards."""
    emulator.serve(
        specs_dir=schemas_dir(),
        data_dir=data_dir,
        host=host,
        port=port,
        latency_ms=latency_ms,
        on_ready=_announce,
    )


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
    sys.stderr.write(f"listening on {url}\n")
    sys.stderr.write(_ENVIRONMENT.format(url=url))
    sys.stderr.flush()
