"""Changes that nobody can take back: a plan shows them, and an apply needs a permission for them."""

from dataclasses import replace

from flowctl.model.diagnostic import Diagnostic, has_errors
from flowctl.model.plan import Plan
from flowctl.validation.wording import all_of, codes


def with_permission(plan: Plan, *, is_allowed: bool) -> Plan:
    """The plan, with an error if it has changes that cannot be undone and nobody has allowed them."""
    changes = plan.irreversible()
    if is_allowed or not changes or has_errors(plan.diagnostics):
        return plan
    addresses = [change.address for change in changes]
    verb = "cannot be undone"
    problem = Diagnostic(
        code="irreversible",
        summary=f"{all_of(codes(addresses))} {verb}",
        detail=" ".join(dict.fromkeys(note for change in changes for note in change.notes)),
        hint="Review the plan. If it is right, run the command with `--allow-irreversible`.",
        address=addresses[0],
    )
    return replace(plan, diagnostics=(*plan.diagnostics, problem))
