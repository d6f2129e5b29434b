"""Questions to a person at a terminal."""

import sys

from flowctl.model.errors import FlowctlError
from flowctl.views.lines import ask_line


def ask(question: str, *, approved: bool, instead: str = "") -> None:
    """Goes on only after `yes`; raises FlowctlError where the answer is another one or nobody is there to ask.

    `instead` names another way than --auto-approve.
    """
    if approved:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise FlowctlError.because(
            "not-approved",
            "there is no terminal to ask for approval",
            hint=f"Run with --auto-approve{instead}.",
        )
    ask_line(f"{question} Only 'yes' is taken as approval:")
    if sys.stdin.readline().strip() != "yes":
        raise FlowctlError.because("not-approved", "not approved; nothing was changed")
