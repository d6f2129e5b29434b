"""The rules of a workspace, and the cases of its PolicyTest documents."""

from collections.abc import Mapping, Sequence
from datetime import date

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.documents.policy import POLICY_TEST_KIND
from flowctl.model.address import Address
from flowctl.model.json_value import JSON
from flowctl.model.policy_report import ListedRule, ListedWaiver, Outcome, PolicyCaseEnd, PolicyRules, PolicyTests
from flowctl.operations.pipelines import named_document
from flowctl.policies.judging import Breach, breaches, is_about
from flowctl.policies.policy_input import Entry
from flowctl.policies.rule import Rule, rules_of, waivers_of
from flowctl.policies.sentences import found_sentence

_ENVIRONMENT, _NAME = "dev", "example"
_BROKEN, _KEPT, _UNMATCHED = "broken", "kept", "unmatched"


def listed_rules(manifests: Manifests, today: date) -> PolicyRules:
    """Every rule with the waivers that documents have for it."""
    waivers: dict[str, list[ListedWaiver]] = {}
    for document in manifests.documents:
        for waiver in waivers_of(document):
            waivers.setdefault(waiver.rule, []).append(
                ListedWaiver(
                    document=f"{document.kind} {document.name}",
                    file=waiver.span.file,
                    line=waiver.span.line,
                    reason=waiver.reason,
                    expires=str(waiver.expires),
                    is_over=waiver.expires < today,
                )
            )
    return PolicyRules(rules=tuple(_listed(rule, waivers.get(rule.id, ())) for rule in rules_of(manifests.documents)))


def run_policy_tests(manifests: Manifests, names: Sequence[str]) -> PolicyTests:
    """Run the tests of these names, or all. Raises ManifestError for unknown names."""
    documents = manifests.documents
    tests = (
        [named_document(documents, POLICY_TEST_KIND, name) for name in dict.fromkeys(names)]
        if names
        else [document for document in documents if document.kind == POLICY_TEST_KIND]
    )
    rules = {rule.id: rule for rule in rules_of(documents)}
    cases = tuple(
        _end(test, number, case, rules) for test in tests for number, case in enumerate(test.content["cases"])
    )
    broken = {
        rule
        for test in tests
        for case in test.content["cases"]
        for rule, wanted in case["expect"].items()
        if wanted == _BROKEN
    }
    return PolicyTests(cases=cases, untested=() if names else tuple(rule for rule in rules if rule not in broken))


def _listed(rule: Rule, waivers: Sequence[ListedWaiver]) -> ListedRule:
    return ListedRule(
        id=rule.id,
        policy=rule.policy,
        severity=str(rule.weight),
        message=rule.message,
        file=rule.span.file,
        line=rule.span.line,
        kinds=rule.kinds,
        actions=rule.actions,
        environments=rule.environments,
        labels=rule.labels,
        paths=tuple(("deny" if demand.denies else "require", demand.path) for demand in rule.demands),
        waivers=tuple(waivers),
    )


def _end(test: Document, number: int, case: Mapping[str, JSON], rules: Mapping[str, Rule]) -> PolicyCaseEnd:
    environment = str(case.get("environment", _ENVIRONMENT))
    entries = [_entry(given, environment) for given in case["given"]]
    place = test.span("cases", number)
    outcomes = [_outcome(rules[rule], str(wanted), entries) for rule, wanted in case["expect"].items()]
    return PolicyCaseEnd(
        test=test.name,
        case=str(case["name"]),
        file=place.file,
        line=place.line,
        differences=tuple(outcome for outcome in outcomes if outcome.expected != outcome.actual),
    )


def _outcome(rule: Rule, expected: str, entries: Sequence[Entry]) -> Outcome:
    found: Breach | None = next(breaches([rule], entries), None)
    if found is not None:
        return Outcome(rule=rule.id, expected=expected, actual=_BROKEN, why=found_sentence(found))
    is_matched = any(is_about(rule, entry) for entry in entries)
    return Outcome(rule=rule.id, expected=expected, actual=_KEPT if is_matched else _UNMATCHED)


def _entry(given: Mapping[str, JSON], environment: str) -> Entry:
    """An entry of the policy input as a case writes it."""
    kind, name = str(given["kind"]), str(given.get("document", _NAME))
    body = given.get("manifest", given.get("attributes"))
    own = (body.get("metadata") or {}).get("labels") if "manifest" in given else None
    return Entry(
        kind=kind,
        name=name,
        environment=environment,
        actions=frozenset(given.get("actions", ("create",))),
        body=body,
        address=Address.of(name, kind) if "attributes" in given else None,
        labels={str(key): str(value) for key, value in (given.get("labels") or own or {}).items()},
        effects=frozenset(given.get("effects", ())),
        xdm=given.get("xdm", {}),
        last_run=given.get("lastRun", {}),
    )
