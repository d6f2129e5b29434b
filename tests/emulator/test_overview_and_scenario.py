"""The page for people, and loading a scenario."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest

from flowctl.emulator import start
from flowctl.emulator.scenario import ScenarioError, load

from .conftest import CATALOG, FLOW, REGISTRY, SPECS, XDM, Client


class Page(HTMLParser):
    """The texts, links and open tags of a page."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.links, self.open, self.tags = [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_shows_flows_and_requests(client):
    flow = client.flow(name="<script>alert(1)</script>")
    client.post("/_emulator/runs", json={"flowId": flow["id"]})
    client.get(f"{FLOW}/flows/none?x=<b>")
    response = client.get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(response.text)
    assert page.open == []
    assert "script" not in page.tags
    text = " ".join(page.texts)
    for part in ("<script>alert(1)</script>", flow["id"], "source", "Customers", "hour 1", "success", "404"):
        assert part in text
    assert all(link.startswith("/?") for link in page.links)


def test_the_page_shows_runs_with_numbers_records_and_errors(tmp_path):
    file = tmp_path / "sources/base/Hubspot.Contacts.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Id,x\n<b>1</b>,2\nbroken\n", "utf-8")
    with (
        start(specs_dir=SPECS, data_dir=tmp_path / "data", sources=tmp_path / "sources") as running,
        Client(running.url) as client,
    ):
        flow = client.flow(options={"errorDiagnosticsEnabled": True, "partialIngestionPercent": 60})
        client.post("/_emulator/runs", json={"flowId": flow["id"]})
        while "inProgress" in (answer := client.get("/").text):
            time.sleep(0.05)
        page = Page(answer)
        assert page.open == []
        text = " ".join(page.texts)
        for part in (
            "INGEST-1401-400 (1 rows)",
            '{"_id":"<b>1</b>"}',
            "_filename",
            "First records",
            "part-00000.ndjson",
        ):
            assert part in text
        file.unlink()
        client.post("/_emulator/runs", json={"flowId": flow["id"]})
        while "inProgress" in (answer := client.get("/").text):
            time.sleep(0.05)
        assert "CONNECTOR-1001-500" in " ".join(Page(answer).texts)


def test_the_page_changes_sandbox(client):
    client.flow()
    (prod,) = [link for link in Page(client.get("/").text).links if link.endswith("sandbox=prod")]
    assert "This sandbox holds no flow." in client.get(prod).text
    assert "This sandbox holds no flow." not in client.get("/?organization=x&sandbox=y").text


SCENARIO = {
    "settings": {"secrets": "echo"},
    "organizations": [{"id": "ACME@AdobeOrg", "tenant": "acme", "sandboxes": [{"name": "dev"}]}],
    "requests": [
        {
            "as": "schema",
            "path": f"{REGISTRY}/tenant/schemas",
            "body": {"title": "Seeded", "type": "object", "allOf": [{"$ref": f"{XDM}/profile"}]},
        },
        {
            "as": "customers",
            "path": f"{CATALOG}/dataSets",
            "body": {
                "name": "Set of ${schema.title}",
                "schemaRef": {"id": "${schema}", "contentType": "application/vnd.adobe.xed+json;version=1"},
            },
        },
        {"path": f"{CATALOG}/dataSets/${{customers}}", "method": "PATCH", "body": {"description": "text"}},
    ],
}


def test_a_scenario_is_loaded_with_references(client):
    answers = load(client.url, SCENARIO)
    dataset_id = answers["customers"][0].rpartition("/")[2]
    dataset = client.get(f"{CATALOG}/dataSets/{dataset_id}").json()[dataset_id]
    assert (dataset["name"], dataset["description"]) == ("Set of Seeded", "text")
    assert dataset["schemaRef"]["id"] == answers["schema"]["$id"]
    assert client.get("/_emulator/settings").json()["secrets"] == "echo"


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ({"request": []}, "no request"),
        ({"requests": [{"body": {}}]}, "no path"),
        ({"requests": [{"path": "/${nothing}"}]}, "no request nothing"),
        ({"requests": [{"path": f"{FLOW}/flows", "body": {"name": "x"}}]}, "answered 400"),
        ({"settings": {"nothing": 1}}, "answered 400"),
    ],
)
def test_refused_scenarios(client, scenario, message):
    with pytest.raises(ScenarioError, match=message):
        load(client.url, scenario)


def test_an_unreachable_emulator():
    with pytest.raises(ScenarioError, match="cannot be reached"):
        load("http://127.0.0.1:9", {"requests": [{"path": "/"}]})
