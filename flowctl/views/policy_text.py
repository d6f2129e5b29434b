"""Rules and policy tests as lines."""

from collections.abc import Iterator

from flowctl.model.policy_report import ListedRule, PolicyCaseEnd, PolicyRules, PolicyTests
from flowctl.views.lines import Line

_COLORS = {"error": "red", "warning": "yellow", "approval": "yellow"}


def rule_lines(data: PolicyRules) -> Iterator[Line]:
    """Each rule with what it is about, and its waivers."""
    if not data.rules:
        yield Line("No rules: the workspace has no policy.")
    for rule in data.rules:
        yield Line(f"{rule.id} ({rule.severity}): {rule.message}", _COLORS[rule.severity])
        yield Line(f"    {rule.file}:{rule.line}  {_about(rule)}")
        for waiver in rule.waivers:
            over = "expired on" if waiver.is_over else "until"
            yield Line(f"    waived for {waiver.document} {over} {waiver.expires}: {waiver.reason}")


def policy_test_lines(data: PolicyTests) -> Iterator[Line]:
    """The cases that failed, the rules without a test, and the sum."""
    for case in data.cases:
        if case.differences:
            yield from _failed(case)
    if data.untested:
        yield Line(f"No case breaks {', '.join(data.untested)}", "yellow")
    passed = len(data.cases) - data.failed
    yield Line(f"{passed} passed, {data.failed} failed", "red" if data.failed else "bold")


def _failed(case: PolicyCaseEnd) -> Iterator[Line]:
    yield Line(f"FAILED  {case.test}: {case.case} ({case.file}:{case.line})", "red")
    for each in case.differences:
        yield Line(f"    {each.rule}: expected {each.expected}, found {each.actual}")
        if each.why:
            yield Line(f"      {each.why}")


def _about(rule: ListedRule) -> str:
    """What a rule looks at, in few words."""
    labels = [f"{name}={value}" for name, value in rule.labels.items()]
    parts = [
        " or ".join(rule.kinds) or "every resource",
        *([f"action {' or '.join(rule.actions)}"] if rule.actions else []),
        *([f"in {' or '.join(rule.environments)}"] if rule.environments else []),
        *([f"with {', '.join(labels)}"] if labels else []),
    ]
    demands = [f"{side} {path}" for side, path in rule.paths]
    return f"{', '.join(parts)}: {', '.join(demands)}"
