"""Policy documents: rules that plan and apply check, and the problems of rules and of what names them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.policy_path import steps_of
from flowctl.text.positions import Step
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest, quoted

POLICY_KIND: Final = "Policy"
POLICY_TEST_KIND: Final = "PolicyTest"
SIDES: Final = ("require", "deny")
LAST_RUN: Final = "lastRun"
"""The member of the policy input that is read only if a path of a rule begins with it."""
FACTS: Final[Mapping[str, Sequence[str]]] = {
    "xdm": ("class", "complete", "fields", "identityMap", "name", "primaryIdentities", "profile"),
    LAST_RUN: (
        "ageHours", "completedAt", "failedPercent", "failedRecords", "readRecords", "startedAt", "status",
        "writtenRecords",
    ),
}  # fmt: skip
"""The members of what is known of schemas and runs. A rule that denies any other one would never be broken."""
_EVERY: Final = "*"
_MOST_SHOWN: Final = 20


def fragments(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Yield each path that cannot be read, and each problem of a JSON Schema."""
    from flowctl.validation.fragment import fragment_problems  # only for a workspace that has rules

    for number, rule in _members(document, "rules"):
        for side in SIDES:
            paths = rule.get(side)
            for path, schema in paths.items() if isinstance(paths, dict) else ():
                place: tuple[Step, ...] = ("rules", number, side, path)
                if steps_of(str(path)) is None:
                    yield document.error(
                        "rule-path",
                        f"{quoted(path)} is not a path",
                        *place,
                        detail="A path is names with dots between them, such as `schedule.frequency`; "
                        "`[*]` stands for every item of a list.",
                        hint="Correct the path.",
                        at_key=True,
                    )
                yield from _unknown_fact(document, str(path), place)
                for problem in fragment_problems(schema):
                    yield document.error(
                        "rule-schema", problem.message, *place, *problem.path, hint=problem.hint, at_key=problem.at_key
                    )


def _unknown_fact(document: Document, path: str, place: tuple[Step, ...]) -> Iterator[Diagnostic]:
    first, second, *_ = (*(steps_of(path) or ()), "", "")
    known = FACTS.get(first, ())
    if second and known and second not in (*known, _EVERY):
        yield document.error(
            "rule-path",
            f"{code(first)} has no member {quoted(second)}",
            *place,
            detail=f"Its members are {all_of(codes(known))}.",
            hint=did_you_mean(nearest(second, known), "Use one of these."),
            at_key=True,
        )


def paths_of(document: Document) -> Iterator[str]:
    """The paths of all rules of a policy."""
    for _, rule in _members(document, "rules"):
        for side in SIDES:
            paths = rule.get(side)
            yield from map(str, paths if isinstance(paths, dict) else ())


def duplicate_rules(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Yield each rule whose ID an earlier rule of the workspace has."""
    first: dict[str, str] = {}
    for document, number, rule in _rules(documents):
        name = rule.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            yield document.error(
                "duplicate-rule",
                f"two rules have the ID {code(name)}",
                "rules",
                number,
                "id",
                detail=f"The first one is in {first[name]}.",
                hint="Rename one of them.",
            )
        first.setdefault(name, document.place("rules", number, "id"))


def waivers(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Yield each waiver of a rule that no policy has, and each whose last day is not a date."""
    known = rule_ids(documents)
    for document in documents:
        for number, waiver in _members(document, "metadata", "waivers"):
            place: tuple[Step, ...] = ("metadata", "waivers", number)
            rule, expires = waiver.get("rule"), waiver.get("expires")
            if isinstance(rule, str) and rule not in known:
                yield unknown_rule(document, rule, known, *place, "rule")
            if isinstance(expires, str) and _day(expires) is None:
                yield document.error(
                    "waiver-date",
                    f"{quoted(expires)} is not a date",
                    *place,
                    "expires",
                    hint="Write the last day of the waiver, such as `2026-12-31`.",
                )


def expectations(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Yield each rule that a PolicyTest names and no policy has."""
    known = rule_ids(documents)
    for document in documents:
        if document.kind != POLICY_TEST_KIND:
            continue
        for number, case in _members(document, "cases"):
            expected = case.get("expect")
            for rule in expected if isinstance(expected, dict) else ():
                if rule not in known:
                    yield unknown_rule(document, str(rule), known, "cases", number, "expect", rule, at_key=True)


def rule_ids(documents: Sequence[Document]) -> Sequence[str]:
    """The IDs of all rules, in the order of the documents."""
    return [rule["id"] for _, _, rule in _rules(documents) if isinstance(rule.get("id"), str)]


def unknown_rule(document: Document, rule: str, known: Sequence[str], *place: Step, at_key: bool = False) -> Diagnostic:
    """The problem of a place that names a rule which no policy has."""
    near = nearest(rule, known)
    return document.error(
        "unknown-rule",
        f"there is no rule {quoted(rule)}",
        *place,
        detail=known_rules(known),
        hint=did_you_mean(near, "Use the ID of a rule, or remove this one."),
        at_key=at_key,
    )


def known_rules(known: Sequence[str]) -> str:
    """The rules that there are, as a sentence."""
    shown = codes(known[:_MOST_SHOWN])
    listed = f"{', '.join(shown)} and more" if len(known) > _MOST_SHOWN else all_of(shown)
    return f"Known rules: {listed}." if known else "The workspace has no policy."


def _rules(documents: Sequence[Document]) -> Iterator[tuple[Document, int, Mapping[str, JSON]]]:
    for document in documents:
        if document.kind == POLICY_KIND:
            for number, rule in _members(document, "rules"):
                yield document, number, rule


def _members(document: Document, *path: Step) -> Iterator[tuple[int, Mapping[str, JSON]]]:
    listed = document.at(*path)
    for number, member in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(member, dict):
            yield number, member


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


POLICY: Final = DocumentKind(
    name=POLICY_KIND, checks=(fragments,), joint_checks=(duplicate_rules, waivers, expectations)
)
