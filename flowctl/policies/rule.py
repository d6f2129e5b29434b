"""Rules and waivers as values, read from documents that have no errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from flowctl.manifest.document import Document
from flowctl.manifest.documents.policy import POLICY_KIND, SIDES
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.policy_path import Steps, steps_of
from flowctl.validation.patterns import with_foreign_patterns


class Weight(StrEnum):
    """What a broken rule does to a plan: refuse it, tell of it, or ask for an approval."""

    ERROR = "error"
    WARNING = "warning"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One path of a rule with its JSON Schema: required, or denied."""

    path: str
    steps: Steps
    schema: JSON
    denies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a policy. Empty `kinds`, `actions`, `environments` and `labels` are those that it does not name."""

    id: str
    policy: str
    message: str
    weight: Weight
    span: SourceSpan
    kinds: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """That a document may break a rule, why, and until the end of which day in UTC."""

    rule: str
    reason: str
    expires: date
    span: SourceSpan


def asks_for(rules: Iterable[Rule], member: str) -> bool:
    """Whether a path of a rule begins with a member of the policy input."""
    return any(demand.steps[:1] == (member,) for rule in rules for demand in rule.demands)


def rules_of(documents: Iterable[Document]) -> tuple[Rule, ...]:
    """The rules of all policies among the documents, in their order."""
    return tuple(
        _rule(document, number, content)
        for document in documents
        if document.kind == POLICY_KIND
        for number, content in enumerate(document.content["rules"])
    )


def waivers_of(document: Document) -> tuple[Waiver, ...]:
    """The waivers that a document has."""
    return tuple(
        Waiver(
            rule=str(content["rule"]),
            reason=str(content["reason"]),
            expires=date.fromisoformat(content["expires"]),
            span=document.span("metadata", "waivers", number),
        )
        for number, content in enumerate(document.at("metadata", "waivers") or ())
    )


def _rule(document: Document, number: int, content: Mapping[str, JSON]) -> Rule:
    match = content.get("match") or {}
    return Rule(
        id=str(content["id"]),
        policy=document.name,
        message=str(content["message"]),
        weight=Weight(content["severity"]),
        span=document.span("rules", number),
        kinds=_words(match.get("kind")),
        actions=_words(match.get("action")),
        environments=_words(match.get("environment")),
        labels=match.get("labels") or {},
        demands=tuple(
            Demand(path=path, steps=steps_of(path) or (), schema=with_foreign_patterns(schema), denies=side == "deny")
            for side in SIDES
            for path, schema in (content.get(side) or {}).items()
        ),
    )


def _words(given: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)
