"""The policies of a workspace, and the approvals that their rules ask for. Imported by every plan, so it is light."""

from collections.abc import Sequence
from dataclasses import replace

from flowctl.manifest.document import Manifests
from flowctl.manifest.documents.policy import LAST_RUN, POLICY_KIND, known_rules, paths_of, rule_ids
from flowctl.model.diagnostic import Diagnostic, has_errors
from flowctl.model.errors import ManifestError
from flowctl.model.plan import Plan
from flowctl.model.policy_path import steps_of
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest

_FOLDER = "policies/"


def has_policies(manifests: Manifests) -> bool:
    """Whether there is a rule to check."""
    return any(document.kind == POLICY_KIND for document in manifests.documents)


def asks_for_runs(manifests: Manifests) -> bool:
    """Whether a path of a rule begins with the last run, which a plan does not read otherwise."""
    policies = (document for document in manifests.documents if document.kind == POLICY_KIND)
    return any((steps_of(path) or ())[:1] == (LAST_RUN,) for policy in policies for path in paths_of(policy))


def policies_alone(manifests: Manifests, *kinds: str) -> Manifests:
    """The policies, and documents of these kinds, for what no other document matters to.

    Raises ManifestError if their files, or others in the folder of policies, have errors.
    """
    own = [document for document in manifests.documents if document.kind in (POLICY_KIND, *kinds)]
    files = {document.file for document in own}
    problems = [
        problem
        for problem in manifests.diagnostics
        if problem.span is not None and (problem.span.file in files or problem.span.file.startswith(_FOLDER))
    ]
    if has_errors(problems):
        raise ManifestError(problems)
    return manifests._replace(documents=tuple(own), diagnostics=())


def with_approvals(plan: Plan, approved: Sequence[str], manifests: Manifests) -> Plan:
    """The plan with an error if a rule asks for an approval that is not given, or if an approval is of no rule.

    A plan with errors is refused for those.
    """
    if has_errors(plan.diagnostics):
        return plan
    problems = [*_unknown(approved, rule_ids(manifests.documents)), *_missing(plan.approvals, approved)]
    return replace(plan, diagnostics=(*plan.diagnostics, *problems)) if problems else plan


def _unknown(approved: Sequence[str], known: Sequence[str]) -> Sequence[Diagnostic]:
    return [
        Diagnostic(
            code="unknown-rule",
            summary=f"`--approve {rule}` is the ID of no rule",
            detail=known_rules(known),
            hint=did_you_mean(nearest(rule, known), "Use the ID of a rule that asks for an approval."),
        )
        for rule in dict.fromkeys(approved)
        if rule not in known
    ]


def _missing(asking: Sequence[str], approved: Sequence[str]) -> Sequence[Diagnostic]:
    missing = [rule for rule in asking if rule not in approved]
    if not missing:
        return []
    options = " ".join(f"--approve {rule}" for rule in missing)
    rules = f"the rule {code(missing[0])} needs" if len(missing) == 1 else f"the rules {all_of(codes(missing))} need"
    return [
        Diagnostic(
            code="approval-needed",
            summary=f"{rules} an approval of this plan",
            detail="Nothing was changed.",
            hint=f"Review the plan. If it is right, run the command with `{options}`.",
        )
    ]
