"""Policies: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import EITHER, ERROR, WARNING, Area, DiagnosticCode

AREA: Final = Area(
    "Policies",
    (
        DiagnosticCode(
            "rule-broken",
            "Broken rule",
            EITHER,
            meaning="A document or a resource of the plan breaks a rule of a Policy; a warning if the rule has "
            "`severity: warning`.",
            cure="Correct the manifest. If it has to be this way for now, add a [waiver](policies.md#waivers).",
        ),
        DiagnosticCode(
            "rule-too-slow",
            "Rule that takes too long",
            EITHER,
            meaning="A search for a regular expression of a rule takes longer than 0.5 s, so nobody knows whether the "
            "rule is broken; a warning if the rule has `severity: warning`. The rule is not tried on other entries.",
            cure="Write the regular expression without a repetition inside another one: `a+` for `(a+)+`.",
        ),
        DiagnosticCode(
            "approval-needed",
            "Approval needed",
            EITHER,
            meaning="A rule of a Policy asks for an approval of the plan: a warning of `plan`, an error of `apply` "
            "without `--approve`.",
            cure="Review the change. If it is right, apply it with `--approve RULE`.",
        ),
        DiagnosticCode(
            "rule-waived",
            "Waived rule",
            WARNING,
            meaning="A document breaks a rule and has a waiver for it.",
            cure="Correct the manifest before the waiver expires.",
        ),
        DiagnosticCode(
            "duplicate-rule",
            "Duplicate rule",
            ERROR,
            meaning="Two rules of the workspace have the same ID.",
            cure="Rename one of them.",
        ),
        DiagnosticCode(
            "unknown-rule",
            "Unknown rule",
            ERROR,
            meaning="A waiver, a PolicyTest or `--approve` has the ID of a rule that no Policy has.",
            cure="Use one of the IDs in the message. `flowctl policy list` lists all.",
        ),
        DiagnosticCode(
            "rule-path",
            "Unreadable path of a rule",
            ERROR,
            meaning="A key of `require` or `deny` is not a path.",
            cure="Write names with dots between them, such as `schedule.frequency`; see [paths](policies.md#paths).",
        ),
        DiagnosticCode(
            "rule-schema",
            "Wrong JSON Schema in a rule",
            ERROR,
            meaning="A value of `require` or `deny` is not a JSON Schema, or has a keyword that rules do not have.",
            cure="Correct the keyword that the message names.",
        ),
        DiagnosticCode(
            "waiver-date",
            "Waiver without a date",
            ERROR,
            meaning="`expires` of a waiver is not a date.",
            cure="Write the last day of the waiver, such as `2026-12-31`.",
        ),
    ),
)
