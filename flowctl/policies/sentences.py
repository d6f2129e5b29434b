"""Broken rules in words: diagnostics of what refuses a plan, is told, needs an approval, or is waived."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from flowctl.foreign_pattern import SECONDS
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.model.policy_path import MISSING
from flowctl.policies.judging import Breach
from flowctl.policies.rule import Waiver, Weight
from flowctl.validation.wording import code, found_words, written_path

_LONGEST: Final = 80
_HIDDEN: Final = "(sensitive)"


def day_of(moment: float) -> date:
    """The day in UTC of a time in epoch seconds."""
    return datetime.fromtimestamp(moment, UTC).date()


def waiver_of(breach: Breach, today: date) -> Waiver | None:
    """The waiver that counts today, if there is one."""
    ours = (waiver for waiver in breach.entry.waivers if waiver.rule == breach.rule.id)
    return next((waiver for waiver in ours if today <= waiver.expires), None)


def diagnostic_of(breach: Breach, today: date) -> Diagnostic:
    """What is said of a breach."""
    entry, rule = breach.entry, code(breach.rule.id)
    span = entry.place(*breach.path)
    waiver = waiver_of(breach, today)
    if waiver is not None:
        return Diagnostic(
            code="rule-waived",
            summary=f"{entry.title} breaks the rule {rule}, which is waived until {waiver.expires}",
            severity=Severity.WARNING,
            detail=f"Reason: {_sentence(waiver.reason)}",
            address=entry.address,
            span=span,
        )
    if breach.slow:
        return Diagnostic(
            code="rule-too-slow",
            summary=f"{entry.title} cannot be checked by the rule {rule}",
            severity=Severity.WARNING if breach.rule.weight is Weight.WARNING else Severity.ERROR,
            detail=_detail(breach, today),
            hint="Write the regular expression without a repetition inside another one: `a+` for `(a+)+`.",
            address=entry.address,
            span=breach.rule.span,
        )
    if breach.rule.weight is Weight.APPROVAL:
        return Diagnostic(
            code="approval-needed",
            summary=f"{entry.title} needs an approval by the rule {rule}",
            severity=Severity.WARNING,
            detail=_detail(breach, today),
            hint=f"Review the change. If it is right, apply it with `--approve {breach.rule.id}`.",
            address=entry.address,
            span=span,
        )
    return Diagnostic(
        code="rule-broken",
        summary=f"{entry.title} breaks the rule {rule}",
        severity=Severity.ERROR if breach.rule.weight is Weight.ERROR else Severity.WARNING,
        detail=_detail(breach, today),
        hint="Correct the manifest, or add a waiver to its `metadata.waivers`."
        if entry.place() is not None
        else "Restore the manifest, or change the rule.",
        address=entry.address,
        span=span,
    )


def _detail(breach: Breach, today: date) -> str:
    """The rule's message, what was found, where the rule is, and a waiver that is over."""
    span = breach.rule.span
    old = next((waiver for waiver in breach.entry.waivers if waiver.rule == breach.rule.id), None)
    over = f"Its waiver expired on {old.expires}." if old is not None and old.expires < today else ""
    rule = f"The rule is in {span.file}:{span.line}."
    return " ".join(filter(None, (_sentence(breach.rule.message), found_sentence(breach), over, rule)))


def found_sentence(breach: Breach) -> str:
    """What was found where a rule asks for something else."""
    path, value = code(written_path(breach.path) or breach.demand.path), breach.value
    if breach.slow:
        return f"The search for {code(breach.slow)} in {path} takes longer than {SECONDS} s and was given up."
    if value is MISSING:
        return f"There is no {path}."
    if value == _HIDDEN:
        return f"{path} is a secret, which rules see as {code(_HIDDEN)}."
    if isinstance(value, Mapping):
        return f"{path} is what the rule denies." if breach.demand.denies else f"{path} is not what the rule requires."
    return f"{path} is {_short(value)}."


def _short(value: JSON) -> str:
    words = found_words(value)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
