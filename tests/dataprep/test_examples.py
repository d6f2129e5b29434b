"""Every example of Adobe's pages on functions: those with a result are reproduced, and the others parse."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from flowctl.dataprep.catalogues import function_catalogue
from flowctl.dataprep.evaluate import evaluate
from flowctl.dataprep.functions import FUNCTIONS
from flowctl.dataprep.parser import parse
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.signatures import signatures
from flowctl.dataprep.types import plain

_TEXT = Path(__file__).with_name("examples.jsonl").read_text(encoding="utf-8")
EXAMPLES = [json.loads(line) for line in _TEXT.split("\n") if line]
WITH_RESULT = [example for example in EXAMPLES if "value" in example]
# Missing or superfluous parentheses and quotes, or a date that is not in quotes, in the published page itself.
MALFORMED = {
    'format(2019-10-23T11:24:00+00:00, "yyyy-MM-dd HH:mm:ss")',
    'set_date_part("m", 4, date("2016-11-09T11:44:44.797")',
    "zone_date_to_utc(2019-10-17T11:55:12 PST",
    '"string1".equalsIgnoreCase("STRING1)',
    "iif(unsubscribed == 'true', 'n', 'y' ))",
}
SPECIAL = {"iif", "now", "timestamp", "uuid", "guid", "filterArray", "transformArray", "contains_key", "is_set"}
METHODS = {"equals", "equalsIgnoreCase", "get"}


def needs_a_service(name):
    return name in signatures() and signatures()[name].not_evaluated is not None


@pytest.mark.parametrize("example", WITH_RESULT, ids=[example["expression"][:50] for example in WITH_RESULT])
def test_documented_results(example):
    if needs_a_service(example["function"]):
        with pytest.raises(ExpressionError, match="cannot be evaluated offline") as caught:
            evaluate(example["expression"], example["record"])
        assert caught.value.problem.code == "function-not-evaluated"
        return
    value = plain(evaluate(example["expression"], example["record"]))
    if isinstance(value, str) and example["function"] == "date":
        assert datetime.fromisoformat(value) == datetime.fromisoformat(example["value"])
    else:
        assert value == example["value"]
        assert isinstance(value, bool) == isinstance(example["value"], bool)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["expression"][:50] for example in EXAMPLES])
def test_documented_expressions_parse(example):
    if example["expression"] in MALFORMED:
        with pytest.raises(ExpressionError):
            parse(example["expression"])
    else:
        parse(example["expression"])


def test_the_numbers_of_the_page():
    assert len(EXAMPLES) == 151
    assert len(WITH_RESULT) == 101
    assert sum(not needs_a_service(example["function"]) for example in WITH_RESULT) == 92


def test_every_documented_function_has_a_signature_and_is_evaluated_or_says_why_not():
    names = {example["function"] for example in EXAMPLES} | {entry["function"] for entry in function_catalogue()}
    assert names - METHODS <= signatures().keys()
    evaluated = {name for name in signatures() if not needs_a_service(name)}
    assert evaluated == FUNCTIONS.keys() | SPECIAL
    assert len(signatures()) == 103
