"""Of several problems at one place the first is told, and no warning in place of an error."""

from types import SimpleNamespace
from typing import Any

from flowctl.manifest.checking import checked
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan


def _problem(line: int, words: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(code="c", severity=severity, summary=words, span=SourceSpan(file="a.yaml", line=line, column=1))


def _kept(said: list[Diagnostic], problems: list[Diagnostic]) -> list[str]:
    kinds: Any = {"Any": SimpleNamespace(joint_checks=[lambda _documents: problems])}
    index = Index(documents={}, belongs=lambda *_: "")
    return [each.summary for each in checked([], index, said, kinds).problems]


def test_the_first_error_of_each_place_is_kept() -> None:
    problems = [_problem(1, "one"), _problem(1, "the same place"), _problem(2, "two"), _problem(3, "three")]
    assert _kept([], problems) == ["one", "two", "three"]


def test_what_was_said_at_a_place_before_is_enough() -> None:
    said = [_problem(1, "said"), _problem(2, "said", Severity.WARNING)]
    problems = [
        _problem(1, "an error more"),
        _problem(2, "a warning more", Severity.WARNING),
        _problem(2, "an error after a warning"),
        _problem(3, "another place", Severity.WARNING),
    ]
    assert _kept(said, problems) == ["an error after a warning", "another place"]


def test_an_error_takes_the_place_of_a_warning() -> None:
    problems = [_problem(1, "a warning", Severity.WARNING), _problem(1, "an error"), _problem(2, "two")]
    assert _kept([], problems) == ["an error", "two"]
