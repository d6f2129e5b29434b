"""Questions to a person at a terminal."""

import sys

import click

from flowctl.model.errors import FlowctlError


def ask(question: str, *, approved: bool) -> None:
    """Goes on only after `yes`; raises FlowctlError where the answer is another one or nobody is there to ask."""
    if approved:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise FlowctlError.because(
            "not-approved",
            "there is no terminal to ask for approval",
            hint="Run with --auto-approve, or save a plan with plan --out and apply that.",
        )
    click.echo(f"{question} Only 'yes' is taken as approval: ", nl=False, err=True)
    if sys.stdin.readline().strip() != "yes":
        raise FlowctlError.because("not-approved", "not approved; nothing was changed")
