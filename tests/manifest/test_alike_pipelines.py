"""Pipelines that are alike are looked at once, and it makes no difference to what is said of each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_texts import CONTRACT

from flowctl.manifest.checks import alike_mappings
from flowctl.manifest.documents.pipeline import PIPELINE
from flowctl.manifest.finish import finish
from flowctl.manifest.index import Index
from flowctl.manifest.misplaced import belongs
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.text.reader import read
from flowctl.text.substitution import verbatim

SOURCES = ("email", "born", "age", "emial", "born-on", "a.b", "list[*].x", "${email}", " ", "x y")
EXPRESSIONS = (
    *("lower(email)", "lower(born)", "lower(emial)", "lower(${email})", "lower(born-on)", "lower(", "nofunction(age)"),
    *("age + 1", "email", "aa_get_page(email)", "upsert_array_append(age)", "iif(age > 1, email, null)", "'fixed'"),
    *("upper(lower)", "date(born)", "split(email, 'ab')", "{'ECID': email}", "[age]", " "),
)
DESTINATIONS = (
    *("_id", "person.name.firstName", "person.name", "person.birthDate", "person.birthYear", "personalEmail.address"),
    *("homeAddress.city", "identityMap", "identityMap.ECID", "_acme.a", "_other.a", "nowhere", "xdm:person", "a[0].b"),
    *("list[*].x", "person.nam.firstName", " "),
)
SCHEDULES = (
    "{startTime: 2026-12-01T00:00:00Z, frequency: day, interval: 1}",
    "{startTime: 2026-12-01T00:00:00Z, frequency: day, interval: true}",
    "{startTime: 2026-12-01T00:00:00Z, frequency: day, interval: 1.0}",
    "{startTime: 2026-12-01T00:00:00, frequency: day, interval: 1}",
    "{startTime: 1, frequency: once}",
    "{startTime: -1, frequency: hour, interval: 1}",
    "{startTime: 1, frequency: day, interval: 0}",
)
COLUMNS = ("email", "born", "age", "born-on")
KINDS_OF_COLUMNS = ("{name: %s, type: string}", "{name: %s, xdm: {type: string}}", "{name: %s, type: string, nmae: 1}")
OTHERS = ("", "options: {errorDiagnosticsEnabled: true}\n", "state: draft\n", "incremental: {column: born}\n")


def documents(text: str):
    found = [finish(built, "pipelines.yaml", {}, has_lookalikes=False)[0] for built in read(text, verbatim).documents]
    return [document for document in found if document is not None]


def said(document, index):
    return [problem for check in PIPELINE.checks for problem in check(document, index)]


def index_of(known):
    return Index.of(known, [], lambda *where: belongs(DOCUMENT_KINDS, *where))


def held(texts: list[str]):
    """What is said about pipelines one after the other, and about each by itself."""
    known = documents(CONTRACT + "".join(f"---\n{text}" for text in texts))
    pipelines = [document for document in known if document.kind == "Pipeline"]
    together = index_of(known)
    return [said(each, together) for each in pipelines], [said(each, index_of(known)) for each in pipelines]


def pipeline(rows="", columns="", schedule=SCHEDULES[0], other="", dataset="contacts") -> str:
    params = f"path: T, columns: [{columns}]" if columns else "path: T"
    return (
        "apiVersion: flowctl/v1\nkind: Pipeline\nmetadata: {name: one}\n"
        f"source: {{connection: hubspot, params: {{{params}}}}}\ndataset: {dataset}\n"
        f"mappings: [{rows}]\nschedule: {schedule}\n{other}"
    )


def quoted(text: str) -> str:
    return '"' + text + '"'


destinations = st.sampled_from(DESTINATIONS).map(quoted)
rows = st.lists(
    st.one_of(
        st.builds("{{source: {}, destination: {}}}".format, st.sampled_from(SOURCES).map(quoted), destinations),
        st.builds("{{expression: {}, destination: {}}}".format, st.sampled_from(EXPRESSIONS).map(quoted), destinations),
        st.just("{value: 1, destination: person.birthYear}"),
        st.just("{source: email, destination: _id, identity: true}"),
    ),
    max_size=2,
).map(", ".join)
columns = st.lists(
    st.builds(lambda form, name: form % name, st.sampled_from(KINDS_OF_COLUMNS), st.sampled_from(COLUMNS)), max_size=3
).map(", ".join)
pipelines = st.builds(
    pipeline,
    rows,
    columns,
    st.sampled_from(SCHEDULES),
    st.sampled_from(OTHERS),
    st.sampled_from(["contacts", "{title: T, schema: crm-contact}", "{title: T, schema: {id: s}}"]),
)


@settings(deadline=None)
@given(st.lists(pipelines, min_size=2, max_size=6))
def test_what_is_said_of_a_pipeline_does_not_depend_on_those_before_it(texts):
    together, alone = held(texts)
    assert together == alone


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("name", ["age", "emial", "lower", "x"])
def test_an_expression_over_other_columns_is_judged_like_a_first_one(expression, name):
    row = "{{expression: {}, destination: person.name.firstName}}".format
    texts = [pipeline(row(quoted(each))) for each in (expression, expression.replace("email", name))]
    together, alone = held([*texts, *reversed(texts)])
    assert together == alone


def test_mappings_that_are_alike_are_checked_once():
    looked_at = []
    check = alike_mappings.once_for_alike_mappings([lambda document, _index: looked_at.append(document) or iter(())])
    known = documents(
        CONTRACT + "".join(f"---\n{pipeline(f'{{source: {name}, destination: _id}}')}" for name in ("a", "b", "c-d"))
    )
    index = index_of(known)
    for document in known[-3:]:
        assert list(check(document, index)) == []
    assert looked_at == [known[-3], known[-1]]


def test_a_schema_with_other_fields_is_another_question():
    row = "{source: a, destination: homeAddress.city}"
    schema = CONTRACT.split("---\n")[1]
    other = schema.replace("crm-contact", "bare").replace(
        ", https://ns.adobe.com/xdm/context/profile-personal-details", ""
    )
    texts = [pipeline(row), other, pipeline(row, dataset="{title: T, schema: bare}")]
    together, alone = held(texts)
    assert together == alone
    codes = [{problem.code for problem in problems} for problems in together[1:]]
    assert ["field-group-missing" in each for each in codes] == [False, True]
