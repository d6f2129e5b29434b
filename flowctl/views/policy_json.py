"""Rules and policy tests as JSON documents."""

from typing import Any

from flowctl.model.policy_report import ListedRule, PolicyCaseEnd, PolicyRules, PolicyTests
from flowctl.views.envelope import envelope


def rules_document(data: PolicyRules) -> dict[str, Any]:
    """The document of `policy list`."""
    return envelope(rules=[_rule(rule) for rule in data.rules])


def policy_tests_document(data: PolicyTests) -> dict[str, Any]:
    """The document of `policy test`."""
    return envelope(
        summary={"passed": len(data.cases) - data.failed, "failed": data.failed},
        tests=[_case(case) for case in data.cases],
        untested=list(data.untested),
    )


def _rule(rule: ListedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "policy": rule.policy,
        "severity": rule.severity,
        "message": rule.message,
        "file": rule.file,
        "line": rule.line,
        "match": {
            "kind": list(rule.kinds),
            "action": list(rule.actions),
            "environment": list(rule.environments),
            "labels": dict(rule.labels),
        },
        "require": [path for side, path in rule.paths if side == "require"],
        "deny": [path for side, path in rule.paths if side == "deny"],
        "waivers": [
            {
                "document": waiver.document,
                "file": waiver.file,
                "line": waiver.line,
                "reason": waiver.reason,
                "expires": waiver.expires,
                "expired": waiver.is_over,
            }
            for waiver in rule.waivers
        ],
    }


def _case(case: PolicyCaseEnd) -> dict[str, Any]:
    return {
        "name": case.test,
        "case": case.case,
        "status": "failed" if case.differences else "passed",
        "differences": [
            {"rule": each.rule, "expected": each.expected, "actual": each.actual, "note": each.why}
            for each in case.differences
        ],
        "file": case.file,
        "line": case.line,
    }
