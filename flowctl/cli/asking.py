"""Questions to a person at a terminal."""

import sys

from flowctl.model.errors import FlowctlError
from flowctl.views.lines import ask_line


def ask(question: str, *, approved: bool, otherwise: str) -> None:
    """Go on only after `yes`. Raise FlowctlError for another answer, and if there is no terminal to ask at.

    `otherwise` says what to do without a terminal.
    """
    if approved:
        return
    if not _can_ask():
        raise FlowctlError.because("not-approved", "there is no terminal to ask for approval", hint=otherwise)
    ask_line(f"{question} Enter 'yes' to approve:")
    if _reply() != "yes":
        raise FlowctlError.because(
            "not-approved",
            "the answer was not 'yes', so nothing was changed",
            hint="Run the command again and enter `yes` to approve.",
        )


def answered(question: str) -> str:
    """What a person at a terminal types; empty if there is no terminal to ask at."""
    if not _can_ask():
        return ""
    ask_line(question)
    return _reply()


def _can_ask() -> bool:
    """Whether a person sees a question and can reply. A process may be started without an input."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _reply() -> str:
    """What a person types, whatever its bytes. Raises KeyboardInterrupt if the input ends instead (Ctrl-D)."""
    line = sys.stdin.buffer.readline()
    if not line:
        raise KeyboardInterrupt
    return line.decode("utf-8", "replace").strip()
