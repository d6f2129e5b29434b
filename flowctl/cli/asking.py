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
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise FlowctlError.because("not-approved", "there is no terminal to ask for approval", hint=otherwise)
    ask_line(f"{question} Enter 'yes' to approve:")
    if sys.stdin.readline().strip() != "yes":
        raise FlowctlError.because(
            "not-approved",
            "the answer was not 'yes', so nothing was changed",
            hint="Run the command again and enter `yes` to approve.",
        )


def answered(question: str) -> str:
    """What a person at a terminal types; empty if there is no terminal to ask at."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    ask_line(question)
    return sys.stdin.readline().strip()
