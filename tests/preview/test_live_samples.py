"""Samples on the platform: its rows of a source, and its records beside those that were mapped here."""


def test_without_a_file_the_rows_of_the_source_are_mapped(examples):
    refused = examples.run("preview", "shop-customers", "--format", "json")
    assert refused.json["diagnostics"][0]["code"] == "not-applied"
    examples.apply()
    result = examples.run("preview", "shop-customers", "--format", "json")
    assert result.code == 0, result.err
    assert result.json["rows"][0]["source"]["email"] == "ana@example.com"
    assert result.json["rows"][0]["record"]["personalEmail"] == {"address": "ana@example.com"}
    files = examples.run("preview", "partner-files", "--format", "json")
    assert files.json["summary"]["read"] == 2


TEST = """\
apiVersion: flowctl/v1
kind: MappingTest
metadata: {name: live}
pipeline: shop-customers
cases:
  - {name: c, given: {id: 1, email: A@B.COM}, expect: {personalEmail.address: a@b.com}}
"""


def test_live_sends_the_same_rows_and_tells_what_differs(examples, platform):
    examples.write("pipelines/tests.yaml", TEST)
    assert examples.run("test", "--live", "--format", "json").json["diagnostics"][0]["code"] == "not-applied"
    examples.apply()
    platform.clear_log()
    passed = examples.run("test", "--live", "--format", "json")
    assert (passed.code, passed.json["summary"]) == (0, {"passed": 1, "failed": 0})
    assert [request["path"] for request in platform.writes()] == ["/data/foundation/conversion/mappingSets/preview"]
    platform.fault(
        match={"path": "/data/foundation/conversion/mappingSets/preview", "method": "POST"},
        effect={"status": 200, "body": [{"data": {"_id": "1", "personalEmail": {"address": "other"}}}]},
    )
    failed = examples.run("test", "--live", "--format", "json")
    (difference,) = failed.json["tests"][0]["differences"]
    assert (failed.code, difference["path"]) == (1, "personalEmail.address")
    assert (difference["expected"], difference["actual"]) == ("a@b.com", "other")


def test_a_record_more_than_there_are_rows_says_nothing(examples, platform):
    examples.write("pipelines/tests.yaml", TEST)
    examples.begin_applied()
    record = {"_id": "1", "personalEmail": {"address": "other"}}
    platform.fault(
        match={"path": "/data/foundation/conversion/mappingSets/preview", "method": "POST"},
        effect={"status": 200, "body": [{"data": record}, {"data": record}]},
    )
    (test,) = examples.run("test", "--live", "--format", "json").json["tests"]
    assert [each["path"] for each in test["differences"]] == ["personalEmail.address"]
