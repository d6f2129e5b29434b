"""`flowctl preview`: sample files of every form, what their rows become, and files that are odd."""

import bz2
import gzip
import io
import json
import os
import zipfile

import pytest

CSV = "id,name,other\n1,ana,x\n2,ben,y\n"
EVENTS = (
    "[{source: id, destination: _id}, {source: at, destination: timestamp},"
    " {expression: to_integer(n), destination: commerce.order.priceTotal}]"
)


def zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.csv"), text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", CSV.encode()),
        ("bom.csv", b"\xef\xbb\xbf" + CSV.encode()),
        ("wide.csv", CSV.encode("utf-16")),
        ("a.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
        ("a.csv.bz2", bz2.compress(CSV.encode())),
        ("a.csv.zip", zipped(CSV)),
        ("lines.csv", CSV.replace("\n", "\r\n").encode()),
        ("a.tsv", CSV.replace(",", "\t").encode()),
        ("a.json", b'[{"id": "1", "name": "ana", "other": 1}, {"id": "2", "name": "ben", "other": 2}]'),
        ("a.ndjson", b'{"id": 1, "name": "ana", "other": 1}\n\n{"id": 2, "name": "ben", "other": 2}\n'),
        ("lines.json", b'{"id": 1, "name": "ana", "other": 1}\n{"id": 2, "name": "ben", "other": 2}\n'),
    ],
)
def test_a_sample_is_read_whatever_its_form(people, name, data):
    people.bytes(name, data)
    found = people.preview(name)
    first = {"_id": "1", "person": {"name": {"firstName": "ANA"}}}
    assert found["rows"][0]["record"] == first
    assert [row["row"] for row in found["rows"]] == [1, 2]
    summary = found["summary"]
    assert (summary["read"], summary["written"], summary["rejected"], summary["unmapped"]) == (2, 2, 0, ["other"])
    assert summary["destinations"][0] == {"path": "_id", "filled": 2, "empty": 0, "errors": 0, "firstBadRow": None}


def test_the_data_format_of_the_source_is_honoured(people):
    people.pipeline(data='{format: delimited, properties: {columnDelimiter: "|", encoding: ISO-8859-1}}')
    people.bytes("a.csv", "id|name\n1|zoë\n".encode("latin-1"))
    assert people.preview("a.csv")["rows"][0]["record"]["person"]["name"]["firstName"] == "ZOË"


def test_parquet_is_read_and_written(people, tmp_path):
    people.write("a.csv", CSV)
    out = tmp_path / "out.parquet"
    assert people.preview("a.csv", "--out", str(out))["out"] == str(out)
    people.pipeline("[{source: _id, destination: _id}]")
    assert [row["record"] for row in people.preview("out.parquet")["rows"]] == [{"_id": "1"}, {"_id": "2"}]


def test_numbers_of_parquet_that_json_does_not_have_are_null(people):
    values = "'NaN'::DOUBLE AS nan, '-inf'::FLOAT AS inf, ['inf'::DOUBLE, 1.5] AS list"
    with pytest.importorskip("duckdb").connect() as database:
        database.execute(f"COPY (SELECT 1 AS id, {values}) TO '{people.root / 'a.parquet'}' (FORMAT parquet)")
    (row,) = people.preview("a.parquet")["rows"]
    assert row["source"] == {"id": 1, "nan": None, "inf": None, "list": [None, 1.5]}


def test_parquet_without_duckdb_says_what_to_install(people, faults, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    people.bytes("a.parquet", b"PAR1")
    (problem,) = faults("preview", "people", "--input", str(people.root / "a.parquet"))
    assert (problem["code"], "`pip install duckdb`" in problem["detail"]) == ("parquet-missing", True)


def test_rows_that_ingestion_refuses_are_told_with_the_reason(people):
    people.pipeline(EVENTS, schema="event")
    people.write("a.csv", "id,at,n\n1,2026-01-01T00:00:00Z,5\n2,,x\n3,soon,1\n")
    found = people.preview("a.csv")
    assert [row["rejected"] for row in found["rows"]] == [False, True, True]
    missing = {"destination": "timestamp", "code": "required-missing"}
    assert missing.items() <= found["rows"][2]["rejections"][0].items()
    assert {"destination": "timestamp", "code": "not-a-date"}.items() <= found["rows"][2]["errors"][0].items()
    assert found["summary"]["written"] == 1
    assert found["summary"]["rejections"][0]["rows"] == 2
    assert found["summary"]["rejections"][0]["firstRow"] == 2
    by_path = {each["path"]: each for each in found["summary"]["destinations"]}
    assert (by_path["timestamp"]["filled"], by_path["timestamp"]["firstBadRow"]) == (1, 2)
    assert (by_path["timestamp"]["empty"], by_path["timestamp"]["errors"]) == (0, 2)


def test_out_holds_the_records_that_are_not_refused(people, tmp_path):
    people.pipeline(EVENTS, schema="event")
    people.write("a.csv", "id,at,n\n1,2026-01-01T00:00:00Z,5\n2,,x\n")
    out = tmp_path / "out.ndjson"
    people.preview("a.csv", "--out", str(out), "--rows", "0")
    assert [json.loads(line)["_id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["1"]


def test_the_text_shows_source_beside_record_and_a_table(people):
    people.write("a.csv", CSV)
    out = people.run("preview", "people", "--input", str(people.root / "a.csv"), "--rows", "1").out
    assert '  id: "1"      _id: "1"\n  name: "ana"  person.name.firstName: "ANA"\n  other: "x"\n' in out
    assert "Row 2" not in out
    assert "2 rows read, 2 written, 0 rejected" in out
    assert "No mapping reads: other" in out


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b'id,name\n1,"a\n', "quotes or delimiters are broken"),
        ("a.csv", b'id,name\n1,"a"b\n', "quotes or delimiters are broken"),
        ("a.csv", b"id,name\n1," + b"x" * 200_000, "a field at line 2 has more than 131,072 characters"),
        ("a.csv", b"id,id\n1,2\n", 'the column "id" twice'),
        ("a.csv", b"id,\n1,2\n", "a column without a name"),
        ("a.csv", b"id,name\n1,\xff\n", "not text in the expected encoding"),
        ("a.csv.gz", b"\x1f\x8b\x08garbage", "damaged"),
        ("a.csv.gz", gzip.compress(CSV.encode() * 999, mtime=0)[:-20], "damaged"),
        ("a.zip", b"PK\x03\x04garbage", "damaged"),
        ("a.json", b'{"id": ', "not JSON"),
        ("a.parquet", b"PAR1 no", "not a Parquet file"),
    ],
)
def test_an_odd_file_is_a_diagnostic(people, faults, name, data, words):
    people.bytes(name, data)
    (problem,) = faults("preview", "people", "--input", str(people.root / name))
    assert problem["code"] == "sample-unreadable"
    assert words in problem["summary"]
    assert ("source.data.properties.encoding" in str(problem["detail"])) is ("encoding" in words)


@pytest.mark.parametrize("name", [".", "nothing.csv"])
def test_what_is_not_a_file_is_a_diagnostic(people, faults, name):
    (problem,) = faults("preview", "people", "--input", str(people.root / name))
    assert problem["code"] == "sample-unreadable"


@pytest.mark.parametrize(("name", "text"), [("a.csv", ""), ("a.csv", "id,name\n"), ("a.ndjson", ""), ("a.json", "[]")])
def test_a_file_without_rows_has_none(people, name, text):
    people.write(name, text)
    assert people.preview(name)["summary"]["read"] == 0


def test_rows_of_another_length_or_type_are_refused_and_the_others_go_on(people):
    people.write("a.csv", "id,name\n1,a,b\n2,c\n")
    rows = people.preview("a.csv")["rows"]
    assert [row["rejected"] for row in rows] == [True, False]
    assert rows[0]["rejections"][0]["code"] == "malformed-row"
    people.write("a.ndjson", '3\n{"id": [1], "name": {"a": 1}}\nnot json\n')
    mixed = people.preview("a.ndjson")["rows"]
    assert [row["rejected"] for row in mixed] == [True, False, True]
    assert {error["destination"] for error in mixed[1]["errors"]} == {"_id", "person.name.firstName"}


def test_unknown_names_and_wrong_outputs_are_told(people, faults):
    people.write("a.csv", CSV)
    (problem,) = faults("preview", "peple", "--input", str(people.root / "a.csv"))
    assert (problem["code"], "Did you mean `people`?" in problem["detail"]) == ("unknown-name", True)
    (problem,) = faults("preview", "people", "--input", str(people.root / "a.csv"), "--out", "x.csv")
    assert problem["code"] == "records-unwritable"
    (problem,) = faults("preview", "people", "--input", str(people.root / "a.csv"), "--out", str(people.root / "a.csv"))
    assert problem["code"] == "usage"


def test_a_failed_preview_leaves_no_output(people, faults):
    people.write("a.csv", 'id,name\n1,x\n2,"')
    faults("preview", "people", "--input", str(people.root / "a.csv"), "--out", str(people.root / "out.ndjson"))
    assert not [path for path in people.root.iterdir() if "out.ndjson" in path.name]


def test_what_only_the_platform_knows_is_not_checked(people):
    people.edit("people.yaml", "profile-person-details]", "profile-person-details, https://ns.adobe.com/acme/x]")
    people.edit("people.yaml", "{source: id, destination: _id}", "{source: id, destination: _acme.key}")
    people.write("a.csv", CSV)
    found = people.preview("a.csv")
    assert found["rows"][0]["record"]["_acme"] == {"key": "1"}
    assert found["summary"]["unchecked"] == ["https://ns.adobe.com/acme/x"]


def test_memory_does_not_grow_with_rows(people):
    import tracemalloc

    def peak(rows: int) -> int:
        with (people.root / "a.csv").open("w", encoding="utf-8") as file:
            file.write("id,name\n")
            file.writelines(f"{number},n{number}\n" for number in range(rows))
        tracemalloc.start()
        people.preview("a.csv", "--rows", "1")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1000)
    assert peak(20_000) < peak(2000) + 1_000_000


def test_a_person_component_is_the_one_element_of_its_array(people):
    group = "https://ns.adobe.com/xdm/mixins/b2b-person-components"
    people.pipeline("[{source: id, destination: personComponents.sourcePersonID}]")
    people.edit("people.yaml", "profile-person-details]", f"profile-person-details, {group}]")
    people.write("a.csv", "id\n7\n")
    found = people.preview("a.csv")
    assert found["rows"][0]["record"] == {"personComponents": [{"sourcePersonID": "7"}]}
    assert (found["rows"][0]["rejected"], found["summary"]["destinations"][0]["filled"]) == (False, 1)
    assert not found["summary"]["unchecked"]


def test_a_constant_is_the_text_that_is_sent(people):
    people.pipeline(
        "[{value: true, destination: person.name.firstName}, {value: 1.50, destination: person.name.lastName}]"
    )
    people.write("a.csv", "id\n7\n")
    assert people.preview("a.csv")["rows"][0]["record"] == {
        "person": {"name": {"firstName": "true", "lastName": "1.5"}}
    }


def test_a_file_of_something_else_is_told(people):
    words = "No row has a column that the mappings read. Check the file and its delimiter."
    people.write("a.csv", "id|name\n1|ana\n")
    assert words in people.run("preview", "people", "--input", str(people.root / "a.csv")).out
    people.write("a.csv", "id,label\n1,ana\n")
    assert words not in people.run("preview", "people", "--input", str(people.root / "a.csv")).out
    people.pipeline("[{value: fixed, destination: _id}]")
    assert words not in people.run("preview", "people", "--input", str(people.root / "a.csv")).out


@pytest.mark.parametrize(("reference", "words"), [("{id: c1}", 'the ID "c1"'), ("{title: Nope}", 'the title "Nope"')])
def test_the_source_of_a_preview_is_looked_for(people, faults, reference, words):
    text = (people.root / "people.yaml").read_text(encoding="utf-8")
    people.write("people.yaml", text.replace("connection: {id: c1}", f"connection: {reference}"))
    (problem,) = faults("preview", "people")
    assert problem["summary"] == f"there is no base connection with {words}"


def test_numbers_that_json_does_not_have_are_null(people):
    people.pipeline("[{source: id, destination: _id}]")
    people.write(
        "a.ndjson", '{"id": 1, "n": 1e999}\n{"id": -1e999, "n": NaN}\n{"id": 1.5, "n": [2.5, {"a": Infinity}]}\n'
    )
    rows = people.preview("a.ndjson")["rows"]
    assert [row["source"]["n"] for row in rows] == [None, None, [2.5, {"a": None}]]
    assert [row["record"] for row in rows] == [{"_id": "1"}, {}, {"_id": "1.5"}]


def test_an_output_whose_name_is_too_long_is_refused(people, faults):
    people.write("a.csv", "id\n1\n")
    sample, out = str(people.root / "a.csv"), str(people.root / f"{'x' * 300}.ndjson")
    (problem,) = faults("preview", "people", "--input", sample, "--out", out)
    assert problem["code"] == "records-unwritable"


@pytest.mark.skipif(os.name == "nt", reason="files of Windows have no such permissions")
def test_written_records_have_the_permissions_of_any_file(people):
    people.write("a.csv", "id\n1\n")
    out = people.root / "out.ndjson"
    people.preview("a.csv", "--out", str(out))
    assert out.stat().st_mode & 0o777 == 0o644
    out.chmod(0o640)
    people.preview("a.csv", "--out", str(out))
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_failed_part_of_a_copied_object_leaves_no_negative_count(people):
    people.pipeline(
        "[{source: name, destination: person.name}, {expression: date(at), destination: person.name.firstName}]"
    )
    people.write("a.json", '[{"name": {"firstName": "ana"}, "at": "soon"}]')
    counts = people.preview("a.json")["summary"]["destinations"]
    assert [(each["filled"], each["empty"], each["errors"]) for each in counts] == [(1, 0, 0), (1, 0, 1)]


def test_the_most_frequent_reason_of_a_rejection_is_first(people):
    people.pipeline("[{source: id, destination: _id}, {source: at, destination: timestamp}]", schema="event")
    people.write("a.ndjson", '{"at": "2026-01-01T00:00:00Z"}\n{"id": 1}\n{"id": 2}\n')
    reasons = people.preview("a.ndjson")["summary"]["rejections"]
    assert [(each["destination"], each["rows"], each["firstRow"]) for each in reasons] == [
        ("timestamp", 2, 2),
        ("_id", 1, 1),
    ]


def test_empty_lines_of_a_csv_file_are_no_rows(people):
    people.write("a.csv", "id,name\n\n1,ana\n\n\n2,ben\n\n")
    assert [row["row"] for row in people.preview("a.csv")["rows"]] == [1, 2]
    assert people.preview("a.csv")["summary"]["rejected"] == 0


def test_an_archive_of_two_files_is_no_sample(people, faults):
    with zipfile.ZipFile(people.root / "a.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
    (problem,) = faults("preview", "people", "--input", str(people.root / "a.zip"))
    assert (problem["code"], "an archive of 2 files" in problem["summary"]) == ("sample-unreadable", True)


def test_rows_that_are_rejected_alike_are_told_by_an_example(people) -> None:
    people.bytes("a.csv", b"id,name,other\n1\n2,b\n3,c,d\n")
    out = people.run("preview", "people", "--input", str(people.root / "a.csv")).out
    assert "Rejected 2 rows, such as row 1: The row has 1 field, and the header has 3.\n" in out
    people.bytes("a.csv", b"id,name,other\n1\n3,c,d\n")
    out = people.run("preview", "people", "--input", str(people.root / "a.csv")).out
    assert "Rejected row 1: The row has 1 field, and the header has 3.\n" in out
