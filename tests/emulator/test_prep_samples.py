"""Sample data and source schemas of Data Prep: kept as they came, in versions if they change."""

from __future__ import annotations

import pytest

from .conftest import PREP

OWN = {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"}


@pytest.mark.parametrize("name", ["samples", "schemas"])
def test_what_is_posted_is_read_and_listed(client, name):
    path = f"{PREP}/{name}"
    assert client.get(path).json() == {"data": [], "_page": {"count": 0, "limit": 100}}
    body = {"name": "crm", "sampleData": '{"a": 1}', "id": "mine", "version": 7}
    made = client.made(path, body, 200)
    assert made == {**body, **{key: made[key] for key in OWN}}
    assert (made["version"], len(made["id"])) == (0, 32)
    assert client.get(f"{path}/{made['id']}").json() == made
    other = client.made(path, body, 200)
    assert client.get(path).json()["data"] == [made, other]
    assert client.get(f"{path}?limit=1&start=1").json() == {"data": [other], "_page": {"count": 1, "limit": 1}}
    assert client.get(f"{path}?limit=x").status_code == 400
    assert client.get(f"{path}/none").status_code == 404
    for wrong in ([], {}, "x"):
        assert client.post(path, json=wrong).status_code == 400
    assert len(client.get(path).json()["data"]) == 2


@pytest.mark.parametrize("name", ["samples", "schemas"])
def test_a_file_is_kept(client, name):
    path = f"{PREP}/{name}/upload"
    csv = client.post(path, content=b"id,email\n1,a\n", headers={"Content-Type": "text/csv"}).json()
    assert csv["content"] == "id,email\n1,a\n"
    assert client.get(f"{PREP}/{name}/{csv['id']}").json() == csv
    assert client.post(path, json={"title": "x"}).json()["title"] == "x"
    assert client.post(f"{PREP}/{name}", content=b"{}", headers={"Content-Type": "text/csv"}).status_code == 400
    for content in (b"", b"  ", b"\xff"):
        reply = client.post(path, content=content, headers={"Content-Type": "text/csv"})
        assert reply.status_code == 400


@pytest.mark.parametrize(
    "content", ["id,name\r\n1,\u00fc\r\n\r\n", "a\n--x\n", '{"title": "x"}', "\r\n" * 500_000 + "a"]
)
def test_the_file_of_a_form_is_kept_without_the_form(client, content):
    form = {"file": ("crm.csv", content.encode(), "text/csv")}
    reply = client.post(f"{PREP}/samples/upload", files=form, data={"name": "before the file"})
    assert reply.status_code == 200, reply.text
    kept = {key: value for key, value in reply.json().items() if key not in OWN}
    assert kept == ({"title": "x"} if content.startswith("{") else {"content": content})


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b'
CUT = "The form does not end with its boundary."


@pytest.mark.parametrize(
    ("media_type", "content", "detail"),
    [
        ("multipart/form-data", PART + b"\r\n--b--", "The content type of a form names its boundary."),
        ("multipart/form-data; boundary=b", PART, CUT),
        ("multipart/form-data; boundary=b", b"", CUT),
        ("multipart/form-data; boundary=\xfc", PART + b"\r\n--b--", CUT),
        ("multipart/form-data; boundary=b", PART.replace(b"file", b"x") + b"\r\n--b--", "The form has no file."),
        ("multipart/form-data; boundary=b", b"--b\r\n\xff\r\n--b--", "The form has no file."),
    ],
)
def test_a_form_without_a_whole_file_is_refused(client, media_type, content, detail):
    headers = {"Content-Type": media_type.encode("latin-1")}
    reply = client.post(f"{PREP}/samples/upload", content=content, headers=headers)
    assert (reply.status_code, reply.json()["detail"]) == (400, detail)
    assert client.get(f"{PREP}/samples").json()["data"] == []


def test_a_sample_is_replaced_in_its_next_version(client):
    made = client.made(f"{PREP}/samples", {"a": 1, "b": 2}, 200)
    path = f"{PREP}/samples/{made['id']}"
    changed = client.put(path, json={"a": 3, "id": "x"}).json()
    assert (changed["a"], changed["version"], changed["id"]) == (3, 1, made["id"])
    assert "b" not in changed
    assert changed["createdDate"] == made["createdDate"]
    assert client.get(path).json() == changed
    assert client.put(path, json=[]).status_code == 400
    assert client.put(f"{PREP}/samples/none", json={"a": 1}).status_code == 404
    assert client.put(f"{PREP}/schemas/{made['id']}", json={"a": 1}).status_code == 405
