"""The command that applies a plan, and no other."""

import shlex
from collections.abc import Sequence
from typing import Final

from flowctl.model.diagnostic import has_errors
from flowctl.model.plan import Plan

_LONGEST: Final = 2000
"""Characters of a command that someone copies."""


def applying_command(plan: Plan) -> Sequence[str]:
    """The words of the command; none for a plan with errors or of deletions alone, or if it is too long."""
    targets = [word for target in plan.targets for word in ("--target", target)]
    selected = [word for each in plan.selection.select for word in ("--select", each)]
    selected += [word for each in plan.selection.exclude for word in ("--exclude", each)]
    duplicates = ["--allow-duplicates"] if plan.allowed_duplicates else []
    irreversible = ["--allow-irreversible"] if plan.allows_irreversible and plan.irreversible() else []
    approvals = [word for rule in plan.approvals for word in ("--approve", rule)]
    approved = ("--auto-approve", "--expect-digest", plan.digest)
    words = ["flowctl", "-e", plan.environment, "apply", *targets, *selected, *duplicates, *irreversible, *approvals]
    words += approved
    cannot = plan.destroys or has_errors(plan.diagnostics)
    return [] if cannot or len(shlex.join(words)) > _LONGEST else words
