"""`flowctl test`: what cases expect, snapshots, the destinations that nothing covers, and wrong test documents."""

import json
from uuid import UUID
from xml.etree import ElementTree

import pytest
from surroundings import EXAMPLES


def cases(*lines: str) -> str:
    return "\n".join(f"  - {line}" for line in lines)


def ends(people, *arguments: str) -> list[dict]:
    result = people.run("test", "--format", "json", *arguments)
    document = result.json
    assert result.code == (1 if document["summary"]["failed"] else 0), result.out
    assert document["summary"]["passed"] + document["summary"]["failed"] == len(document["tests"])
    return document["tests"]


def differences(people, case: str) -> list[tuple[str, object, object]]:
    people.test(cases(case))
    (end,) = ends(people)
    assert end["status"] == ("failed" if end["differences"] else "passed")
    return [(each["path"], each["expected"], each["actual"]) for each in end["differences"]]


HEAD = "apiVersion: flowctl/v1\nkind: MappingTest\nmetadata: {name: one}\npipeline: people\n"
GIVEN = "name: c, given: {id: 7, name: ana}"


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ('expect: {_id: "7"}', []),
        ("expect: {_id: 7}", [("_id", 7, "7")]),
        ("expect: {person: {name: {firstName: ANA}}}", []),
        ("expect: {person.name.firstName: Ana}", [("person.name.firstName", "Ana", "ANA")]),
        ("expect: {person.name: {firstName: ANA}}", []),
        ("expect: {_id: null}", [("_id", None, "7")]),
        ('exactly: {_id: "7", person.name.firstName: ANA}', []),
        ('exactly: {_id: "7"}', [("person", None, {"name": {"firstName": "ANA"}})]),
        ("exactly: {}", [("_id", None, "7"), ("person", None, {"name": {"firstName": "ANA"}})]),
        ("absent: [person]", [("person", None, {"name": {"firstName": "ANA"}})]),
        ("warnings: []", []),
        ("warnings: [{destination: _id}]", [("warnings._id", "any problem", None)]),
        ("rejected: false", []),
        ("rejected: true", [("rejected", True, False)]),
    ],
)
def test_a_case_tells_each_place_that_differs(people, expected, found):
    assert differences(people, f"{{{GIVEN}, {expected}}}") == found


def test_warnings_are_all_problems_with_their_codes(people):
    people.pipeline("[{expression: date(at), destination: person.birthDate}, {source: id, destination: _id}]")
    given = "name: c, given: {at: soon, id: [1]}"
    both = "{destination: person.birthDate, code: not-a-date}, {destination: _id, code: field-type}"
    assert differences(people, f"{{{given}, warnings: [{both}]}}") == []
    assert len(differences(people, f"{{{given}, warnings: []}}")) == 2
    one = "{destination: person.birthDate, code: not-a-number}"
    found = differences(people, f"{{{given}, warnings: [{one}]}}")
    assert found == [("warnings.person.birthDate", "not-a-number", "not-a-date"), ("warnings._id", None, "field-type")]


def test_a_failed_mapping_says_why_beside_the_difference(people):
    people.pipeline("[{expression: date(at), destination: person.birthDate}]")
    people.test(cases("{name: c, given: {at: soon}, expect: {person.birthDate: 2026-01-01}}"))
    out = people.run("test").out
    assert "FAILED  one: c (tests.yaml:6)\n    person.birthDate\n      - expected  " in out
    assert "      + actual    no value\n" in out
    assert "soon" in out.partition("no value")[2]


def test_a_row_that_lacks_a_required_field_is_rejected(people):
    people.pipeline("[{source: id, destination: _id}, {source: at, destination: timestamp}]", schema="event")
    assert differences(people, "{name: c, given: {id: 1}, rejected: true}") == []
    found = differences(people, "{name: c, given: {id: 1, at: 2026-01-01T00:00:00Z}, rejected: true}")
    assert found == [("rejected", True, False)]


def test_the_clock_stands_still_and_random_ids_repeat(people):
    people.pipeline(
        "[{expression: 'format(now(), \"yyyy-MM-dd HH:mm\")', destination: person.name.firstName},"
        " {expression: uuid(), destination: _id}]"
    )
    head = f"{HEAD}now: 2026-11-26T01:02:00Z\n"
    case = "{name: c, given: {}, expect: {person.name.firstName: 2026-11-26 01:02, _id: x}}"
    people.test(cases(case), head)
    first, again = ends(people), ends(people)
    assert first == again
    assert [each["path"] for each in first[0]["differences"]] == ["_id"]
    people.test(cases(case, case.replace("name: c,", "name: d,")), head)
    ids = {end["differences"][0]["actual"] for end in ends(people)}
    assert {UUID(each).version for each in ids} == {4}
    assert len(ids) == 2
    assert first[0]["differences"][0]["actual"] in ids


def test_a_snapshot_is_written_by_update_and_compared_afterwards(people):
    people.write("rows/a.csv", "id,name\n1,ana\n2,ben\n")
    people.test(cases("{name: s, rows: rows/a.csv, snapshot: rows/a.xdm.ndjson}"))
    (end,) = ends(people)
    assert (end["status"], end["differences"][0]["path"]) == ("failed", "rows/a.xdm.ndjson")
    assert people.run("test", "--update", "--format", "json").json["written"] == ["rows/a.xdm.ndjson"]
    lines = (people.root / "rows/a.xdm.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["_id"] for line in lines] == ["1", "2"]
    assert people.run("test", "--update", "--format", "json").json["written"] == []
    assert [end["status"] for end in ends(people)] == ["passed"]
    people.write("rows/a.csv", "id,name\n1,ana\n2,bob\n3,cy\n")
    (end,) = ends(people)
    assert [each["path"] for each in end["differences"]] == ["row 2: person.name.firstName", "row 3"]


def test_a_snapshot_outside_the_workspace_is_not_written(people, faults):
    people.write("a.csv", "id,name\n1,ana\n")
    people.test(cases("{name: s, rows: a.csv, snapshot: ../outside.ndjson}"))
    (problem,) = faults("test", "--update")
    assert problem["code"] == "records-unwritable"
    assert not (people.root.parent / "outside.ndjson").exists()


def test_a_snapshot_that_is_not_ndjson_is_a_diagnostic(people, faults):
    people.write("a.csv", "id,name\n1,ana\n")
    people.write("s.ndjson", "{")
    people.test(cases("{name: s, rows: a.csv, snapshot: s.ndjson}"))
    (problem,) = faults("test")
    assert (problem["code"], problem["line"]) == ("snapshot-unreadable", 6)
    assert problem["column"] == 38


def test_a_sample_that_is_not_there_is_told_where_it_is_named(people, faults):
    people.test(cases("{name: s, rows: no.csv, snapshot: s.ndjson}"))
    (problem,) = faults("test")
    assert (problem["code"], problem["file"], problem["column"]) == ("sample-unreadable", "tests.yaml", 21)


def test_files_are_looked_for_beside_the_test_and_then_in_the_workspace(people):
    people.write("rows/a.csv", "id,name\n1,ana\n")
    people.write("deep/t.yaml", f"{HEAD}cases:\n{cases('{name: s, rows: rows/a.csv, snapshot: rows/a.ndjson}')}\n")
    people.run("test", "--update")
    assert (people.root / "rows/a.ndjson").is_file()
    people.write("deep/rows/a.csv", "id,name\n2,ben\n")
    people.run("test", "--update")
    assert '"_id":"2"' in (people.root / "deep/rows/a.ndjson").read_text(encoding="utf-8")


def test_a_row_of_another_length_is_rejected_in_a_snapshot_test(people):
    people.write("a.csv", "id,name\n1,ana,x\n")
    people.test(cases("{name: s, rows: a.csv, snapshot: s.ndjson, rejected: true}"))
    people.run("test", "--update")
    assert [end["status"] for end in ends(people)] == ["passed"]


def test_what_no_case_covers_is_told(people):
    assert people.run("test", "--format", "json").json["uncovered"] == [
        {"pipeline": "people", "destination": "_id"},
        {"pipeline": "people", "destination": "person.name.firstName"},
    ]
    people.test(cases(f'{{{GIVEN}, expect: {{_id: "7"}}}}'))
    found = people.run("test", "--format", "json").json["uncovered"]
    assert found == [{"pipeline": "people", "destination": "person.name.firstName"}]
    assert "No case covers people: person.name.firstName" in people.run("test").out
    people.test(cases(f"{{{GIVEN}, absent: [person.name.lastName], exactly: {{_id: '7', person.name: {{}}}}}}"))
    people.write("a.csv", "id,name\n1,\n")
    people.test(cases("{name: s, rows: a.csv, snapshot: s.ndjson}"))
    people.run("test", "--update")
    assert people.run("test", "--format", "json").json["uncovered"] == []


def test_names_and_selectors_choose_tests(people, faults):
    people.test(cases(f"{{{GIVEN}}}"))
    assert len(ends(people, "one")) == len(ends(people, "--select", "label:team=crm")) == 1
    assert len(ends(people, "--select", "peo*")) == 1
    assert ends(people, "--exclude", "peo*") == []
    (problem,) = faults("test", "--select", "team=crm")
    assert "Did you mean `label:team=crm`?" in problem["detail"]
    (problem,) = faults("test", "onne")
    assert (problem["code"], "Did you mean `one`?" in problem["detail"]) == ("unknown-name", True)


@pytest.mark.parametrize(
    ("case", "code", "words", "column"),
    [
        ("{name: c, given: {}, expect: {person.name.firstNam: x}}", "unknown-destination", "person.name.firstName", 35),
        ("{name: c, given: {}, absent: [_idd]}", "unknown-destination", "_id", 35),
        ("{name: c, given: {}, warnings: [{destination: _idd}]}", "unknown-destination", "_id", 51),
        ("{name: c, given: {}, expct: {}}", "unknown-key", "expect", 26),
        ("{name: c, given: {}}\n  - {name: c, given: {}}", "duplicate-case", "Rename", 12),
    ],
)
def test_what_is_wrong_with_a_case_is_told_at_its_place(people, faults, case, code, words, column):
    people.test(cases(case))
    (problem,) = faults("test")
    assert (problem["code"], problem["column"], words in problem["detail"]) == (code, column, True), problem
    assert faults("validate") == [problem]


def test_a_time_needs_a_time_zone(people, faults):
    people.test(cases("{name: c, given: {}}"), f"{HEAD}now: 2026-11-26T00:00:00\n")
    (problem,) = faults("test")
    assert (problem["code"], problem["line"]) == ("invalid-time", 5)


def test_an_unknown_pipeline_and_a_wrong_time_are_told_at_their_line(people, faults):
    head = "apiVersion: flowctl/v1\nkind: MappingTest\nmetadata: {name: one}\npipeline: peple\nnow: soon\n"
    people.test(cases("{name: c, given: {}}"), head)
    missing, time = faults("test")
    assert (missing["code"], missing["line"], "people" in missing["detail"]) == ("missing-reference", 4, True)
    assert (time["code"], time["line"]) == ("invalid-time", 5)


def test_a_new_destination_of_the_pipeline_is_known_at_once(people):
    people.test(cases("{name: c, given: {}, absent: [person.name.lastName]}"))
    assert people.run("validate").code == 1
    people.pipeline("[{source: x, destination: person.name.lastName}]")
    assert people.run("validate").code == 0


def test_junit_is_valid_xml_with_every_case(people):
    people.test(cases(f'{{{GIVEN}, expect: {{_id: "<&\\u0001\\"7"}}}}', "{name: 'a <b>', given: {}}"))
    result = people.run("test", "--format", "junit")
    root = ElementTree.fromstring(result.out)
    assert (result.code, root.tag, root.attrib["tests"], root.attrib["failures"]) == (1, "testsuites", "2", "1")
    (suite,) = root
    assert [case.attrib["name"] for case in suite] == ["c", "a <b>"]
    assert suite.attrib["name"] == "one"
    failure = suite[0][0]
    assert failure.tag == "failure"
    assert "_id" in failure.attrib["message"]
    assert list(suite[1]) == []


def test_junit_of_a_workspace_that_is_wrong_has_an_error(people):
    people.test("  - {nam: c}")
    result = people.run("test", "--format", "junit")
    root = ElementTree.fromstring(result.out)
    assert (result.code, root.attrib["errors"]) == (1, "1")
    assert "tests.yaml:6" in (root[0][0][0].text or "")


def test_tests_make_no_resources(people):
    people.test(cases(f"{{{GIVEN}}}"))
    assert "one" not in {
        change["address"].partition(".")[0] for change in people.plan("--target", "person").json["changes"]
    }


def test_a_first_test_is_written_from_a_sample_and_passes(people, faults):
    people.write("samples/a.csv", "id,name\n1,${var:x}\n2,ben\n")
    sample = str(people.root / "samples" / "a.csv")
    written = people.run("test", "people", "--record", sample, "--format", "json").json["written"]
    assert written == ["samples/a.test.yaml"]
    assert people.run("test", "--update", "--format", "json").json["summary"] == {"passed": 3, "failed": 0}
    result = people.run("test", "--format", "json").json
    assert (result["summary"], result["uncovered"]) == ({"passed": 3, "failed": 0}, [])
    (problem,) = faults("test", "people", "--record", sample)
    assert problem["code"] == "output-taken"
    (problem,) = faults("test", "--record", sample)
    assert problem["code"] == "usage"


def test_mappings_from_a_file_are_tested_and_previewed(people, faults):
    head = "source,expression,value,destination\n"
    people.write("rows.csv", f"{head}id,,,_id\n,upper(name),,person.name.firstName\n,,1970,person.birthYear\n")
    people.pipeline("{file: rows.csv}")
    people.test("  - {name: a, given: {id: 1, name: ana}, expect: {person.name.firstName: ANA}}")
    result = people.run("test", "--format", "json")
    assert (result.code, result.json["summary"]) == (0, {"passed": 1, "failed": 0})
    assert result.json["uncovered"] == [
        {"pipeline": "people", "destination": "_id"},
        {"pipeline": "people", "destination": "person.birthYear"},
    ]
    people.write("in.csv", "id,name\n1,ana\n")
    (row,) = people.preview("in.csv")["rows"]
    assert row["record"]["person"] == {"name": {"firstName": "ANA"}, "birthYear": 1970}
    people.test("  - {name: a, given: {id: 1}, expect: {person.name.frstName: ANA}}")
    assert [each["code"] for each in faults("test")] == ["unknown-destination"]


def test_the_tests_of_the_examples_pass_and_fail_with_a_broken_mapping(examples):
    examples.write("flowctl.yaml", (EXAMPLES / "flowctl.yaml").read_text(encoding="utf-8"))
    result = examples.run("test", "--format", "json")
    assert (result.code, result.json["summary"]) == (0, {"passed": 3, "failed": 0})
    examples.edit("pipelines/shop-customers.yaml", "lower(email)", "upper(email)")
    result = examples.run("test", "--format", "json")
    assert (result.code, result.json["summary"]) == (1, {"passed": 1, "failed": 2})
    assert result.json["tests"][0]["differences"][0]["path"] == "personalEmail.address"


@pytest.mark.parametrize("name", ["é😀", "\x7f\x85\u2028\ufeff", "a: b # c", "'\\\"", "{}", "007", "yes", "-", ""])
def test_a_first_test_has_the_very_values_of_the_sample(people, name):
    people.pipeline("[{source: id, destination: _id}, {source: name, destination: person.name.firstName}]")
    people.write("a.json", json.dumps([{"id": "1", "name": name}]))
    assert people.run("test", "people", "--record", str(people.root / "a.json")).code == 0
    assert people.run("test", "--update").code == 0
    assert people.run("test", "--format", "json").json["summary"] == {"passed": 2, "failed": 0}


def test_a_first_test_escapes_the_dot_in_the_name_of_a_map(people):
    people.pipeline("[{source: map, destination: identityMap}]")
    people.edit("people.yaml", "person-details]", "person-details, https://ns.adobe.com/xdm/context/identitymap]")
    people.write("a.json", json.dumps([{"map": {"a.b": [{"id": "1"}]}}]))
    assert people.run("test", "people", "--record", str(people.root / "a.json")).code == 0
    assert people.run("test", "--update").code == 0
    assert people.run("test", "--format", "json").json["summary"] == {"passed": 2, "failed": 0}


def test_a_first_test_has_no_case_for_a_row_that_yaml_cannot_hold(people):
    """A half of a character, and a number beyond 64 bits; the row before them has nothing that is mapped."""
    people.write("a.ndjson", '{"key": 3}\n{"id": "1", "name": "\\ud800"}\n{"id": 123456789012345678901234}\n')
    assert people.run("test", "people", "--record", str(people.root / "a.ndjson")).code == 0
    assert people.run("test", "--update").code == 0
    assert [each["case"] for each in ends(people)] == ["row 1", "sample"]
    assert "exactly: {}\n" in (people.root / "a.test.yaml").read_text(encoding="utf-8")


def test_a_snapshot_of_two_cases_has_the_records_of_the_first(people):
    for name, id_ in (("a", 1), ("b", 2), ("c", 1)):
        people.write(f"{name}.csv", f"id\n{id_}\n")
    files = {"a": "out.ndjson", "b": "./out.ndjson", "c": "out.ndjson"}
    people.test(cases(*(f"{{name: {name}, rows: {name}.csv, snapshot: {file}}}" for name, file in files.items())))
    result = people.run("test", "--update", "--format", "json")
    assert [each["status"] for each in result.json["tests"]] == ["passed", "failed", "passed"]
    assert (people.root / "out.ndjson").read_text(encoding="utf-8") == '{"_id":"1"}\n'
    assert [each["status"] for each in ends(people)] == ["passed", "failed", "passed"]


def test_a_snapshot_covers_a_destination_for_each_element(people):
    people.pipeline('[{source: "xs[*]", destination: "identityMap.Email[*].id"}]')
    people.edit("people.yaml", "person-details]", "person-details, https://ns.adobe.com/xdm/context/identitymap]")
    people.write("a.json", '[{"xs": ["a", "b"]}]')
    people.test(cases("{name: a, rows: a.json, snapshot: out.ndjson}"))
    assert people.run("test", "--update", "--format", "json").json["uncovered"] == []


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        ("a.ndjson", "a.ndjson is the sample itself"),
        ("../{}/a.ndjson", "a.ndjson is the sample itself"),
        ("new.yaml", "the name of a manifest"),
        ("new.YML", "the name of a manifest"),
        ("flowctl.lock.json", "of a file of flowctl"),
    ],
)
def test_a_snapshot_is_written_over_nothing_else(people, faults, snapshot, words):
    people.write("a.ndjson", '{"id": 1, "more": 2}\n')
    people.test(cases(f"{{name: a, rows: a.ndjson, snapshot: '{snapshot.format(people.root.name)}'}}"))
    before = {path: path.read_bytes() for path in people.root.iterdir() if path.is_file()}
    (problem,) = faults("test", "--update")
    assert problem["code"] == "records-unwritable"
    assert words in problem["summary"]
    assert {path: path.read_bytes() for path in people.root.iterdir() if path.is_file()} == before


def test_a_case_has_a_row_or_a_sample(people, faults):
    people.test(cases(f"{{{GIVEN}, rows: a.csv}}"))
    (problem,) = faults("test")
    assert (problem["code"], problem["line"], problem["column"]) == ("conflicting-keys", 6, 42)
    people.test(cases(f"{{{GIVEN}, rows: a.csv, snapshot: a.ndjson}}"))
    assert [each["code"] for each in faults("test")] == ["conflicting-keys"]


def test_a_snapshot_of_another_type_is_written_anew(people):
    people.pipeline("[{source: id, destination: person.birthYear}]")
    people.write("a.csv", "id\n1\n")
    people.write("out.ndjson", '{"person":{"birthYear":true}}\n')
    people.test(cases("{name: a, rows: a.csv, snapshot: out.ndjson}"))
    assert [each["status"] for each in ends(people)] == ["failed"]
    assert people.run("test", "--update").code == 0
    assert [each["status"] for each in ends(people)] == ["passed"]


def test_an_expectation_without_a_destination_says_what_to_do(people, faults):
    people.test(cases(f"{{{GIVEN}, expect: {{}}}}"))
    (problem,) = faults("test")
    assert (problem["code"], problem["detail"]) == ("missing-key", "Add a key, or remove it.")


def test_the_first_test_says_how_to_write_its_snapshot(people):
    people.write("a.csv", "id,name\n1,ana\n")
    out = people.run("test", "people", "--record", str(people.root / "a.csv")).out
    assert out == "Wrote a.test.yaml.\nTo write its snapshot, run `flowctl test people-sample --update`.\n"
    assert people.run("test", "people-sample", "--update").out.startswith("Wrote a.xdm.ndjson.\n")


def test_no_first_test_is_written_from_a_file_of_something_else(people, faults):
    people.write("a.csv", "key|label\n1|ana\n")
    (problem,) = faults("test", "people", "--record", str(people.root / "a.csv"))
    assert problem["code"] == "no-sample"
    assert "has no column that the mappings of people read" in problem["summary"]
    assert not (people.root / "a.test.yaml").exists()


# Formats of code hosts: a failed case is a problem at its line.


def test_a_failed_case_is_an_annotation(people):
    people.test(cases(f"{{{GIVEN}, expect: {{_id: '8'}}}}", f"{{{GIVEN.replace('c,', 'd,')}}}"))
    result = people.run("test", "--format", "github")
    assert result.code == 1
    (command,) = [line for line in result.out.splitlines() if line.startswith("::")]
    assert command.startswith("::error file=tests.yaml,line=6,col=1,title=Failed mapping test::")
    assert 'the case "c" of MappingTest one fails [mapping-test-failed]' in command
    assert '_id: expected "8", found "7".' in command
    assert "Correct the mappings of people, or the test." in command
    assert "\n1 passed, 1 failed\n" in result.out


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_failed_case_is_a_problem_in_a_report(people, form):
    people.test(cases(f"{{{GIVEN}, expect: {{_id: '8'}}}}"))
    result = people.run("test", "--format", form)
    assert result.code == 1
    assert "tests.yaml:6:1: error: " in result.err
    text = json.dumps(json.loads(result.out))
    assert "mapping-test-failed" in text
    assert "tests.yaml" in text
    people.test(cases(f"{{{GIVEN}}}"))
    passed = people.run("test", "--format", form)
    assert (passed.code, "mapping-test-failed" in passed.out) == (0, False)


def test_many_differences_are_counted_in_an_annotation(people):
    expected = ", ".join(f"person.name.firstName.n{n}: x" for n in range(7))
    people.test(cases(f"{{{GIVEN}, expect: {{{expected}}}}}"))
    out = people.run("test", "--format", "github").out
    assert "There are 2 more differences." in out.partition("::error")[2].partition("\n")[0]


def test_all_differences_that_are_shown_leave_none_to_count(people):
    expected = ", ".join(f"person.name.firstName.n{n}: x" for n in range(5))
    people.test(cases(f"{{{GIVEN}, expect: {{{expected}}}}}"))
    assert "more differences" not in people.run("test", "--format", "github").out.partition("\n")[0]


def test_a_first_test_of_constants_needs_no_column(people):
    people.pipeline("[{value: fixed, destination: _id}]")
    people.write("a.csv", "key\n1\n")
    assert people.run("test", "people", "--record", str(people.root / "a.csv")).code == 0


def test_of_many_names_the_first_are_listed(people, faults):
    documents = "\n---\n".join(
        f"{HEAD.replace('one', f'test-{number:02}')}cases:\n{cases(f'{{{GIVEN}}}')}" for number in range(22)
    )
    people.write("tests.yaml", f"{documents}\n")
    (problem,) = faults("test", "zzz")
    assert "`test-18`, `test-19` and more." in problem["detail"]
    assert "test-20" not in problem["detail"]


OWN = """\
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {name: own}
extends: [https://ns.adobe.com/xdm/context/profile]
fields: {no: {type: string}, place: {type: string}}
"""


def own_fields(people, mappings: str) -> None:
    people.write("own.yaml", OWN)
    people.pipeline(mappings)
    people.edit(
        "people.yaml",
        "class: https://ns.adobe.com/xdm/context/profile\nfieldGroups: [",
        "class: https://ns.adobe.com/xdm/context/profile\nfieldGroups: [own, ",
    )


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ('expect: {"_${tenant}.no": "7"}', []),
        ('expect: {"_${tenant}": {no: "7"}}', []),
        ('expect: {"_${tenant}.no": "8"}', [("_local.no", "8", "7")]),
        ('expect: {"_${tenant}.place": "at ${tenant}"}', []),
        ('expect: {_local.no: "7"}', []),
        ('exactly: {"_${tenant}": {no: "7", place: at local}}', []),
        ('absent: ["_${tenant}.no"]', [("_local.no", None, "7")]),
        ('warnings: [{destination: "_${tenant}.no"}]', [("warnings._local.no", "any problem", None)]),
    ],
)
def test_the_tenant_id_stands_in_what_a_record_must_have(people, expected, found):
    place = """{expression: 'concat("at ", who)', destination: "_${tenant}.place"}"""
    own_fields(people, f'[{{source: id, destination: "_${{tenant}}.no"}}, {place}]')
    assert differences(people, f"{{name: c, given: {{id: 7, who: local}}, {expected}}}") == found
    uncovered = people.run("test", "--format", "json").json["uncovered"]
    assert all(each["destination"].rpartition(".")[2] not in expected for each in uncovered)


def test_a_wrong_path_below_the_tenant_names_the_right_one(people):
    own_fields(people, '[{source: id, destination: "_${tenant}.no"}]')
    people.test(cases('{name: c, given: {id: 7}, expect: {"_${tenant}.nu": "7"}}'))
    result = people.run("validate")
    assert (result.code, "Did you mean `_local.no`?" in result.err + result.out) == (1, True)
