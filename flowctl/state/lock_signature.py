"""The signature on a run lock: its holder, in a form that every store keeps and every release reads."""

import json
import os
import socket
from datetime import UTC, datetime

from flowctl.state.store import RunLocked
from flowctl.systems import user_name


def signature(command: str) -> bytes:
    """The signature of this process, as a JSON object."""
    owner: dict[str, str | int] = {
        "user": user_name(),
        "host": socket.gethostname(),
        "process": os.getpid(),
        "command": command,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return json.dumps(owner).encode()


def signed_by(text: bytes) -> str:
    """Who signed, in words; empty if nobody has."""
    try:
        return "{user} on {host}, process {process}: {command}, since {since}".format(**json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def held(environment: str, holder: str) -> RunLocked:
    """The error of a run that cannot start because `holder` has the run lock."""
    return RunLocked.because(
        "run-locked",
        f"environment {environment} is locked by another run: {holder}",
        hint="Wait until it ends, for example with `--lock-timeout 300`. If that process hangs, run `flowctl unlock`.",
    )
