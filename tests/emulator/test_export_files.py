"""The files of a batch: from the dataset to the bytes, by links only."""

from __future__ import annotations

from .conftest import CATALOG
from .test_real_runs import EXPORT, put, server, sources

__all__ = ["server", "sources"]


def test_links_lead_from_a_dataset_to_its_records(sources):
    put(sources, "shop/shop.people.csv", "id,email\n1,ANA@x.org\n2,b@x.org\n")
    batch = sources.batch(sources.run(sources.table()))
    ((_, dataset),) = sources.get(f"{CATALOG}/dataSets/{batch['relatedObjects'][0]['id']}").json().items()
    ((file_id, file),) = sources.get(CATALOG + dataset["files"].removeprefix("@")).json().items()
    assert (file["batchId"], file["dataSetViewId"]) == (batch["id"], dataset["viewId"])
    listed = sources.get(f"{EXPORT}/batches/{file['batchId']}/files").json()
    assert [item["dataSetFileId"] for item in listed["data"]] == [file_id]
    assert listed["_page"] == {"limit": 100, "count": 1}
    (entry,) = sources.get(listed["data"][0]["_links"]["self"]["href"]).json()["data"]
    href = entry["_links"]["self"]["href"]
    content = sources.get(href)
    assert len(content.content) == int(entry["length"])
    assert "ana@x.org" in content.text
    head = sources.head(href)
    assert (head.headers["content-length"], head.content) == (entry["length"], b"")
    part = sources.get(href, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, content.content[:10])
    assert part.headers["content-range"] == f"bytes 0-9/{entry['length']}"
    assert sources.get(href, headers={"Range": "bytes=999999-"}).status_code == 416
    assert sources.get(f"{EXPORT}/batches/{file['batchId']}/files?start=1").json()["data"] == []
    assert sources.get(f"{EXPORT}/batches/{file['batchId']}/files?limit=x").status_code == 400
    assert sources.get(f"{EXPORT}/files/{file_id}?path=../../secret").status_code == 404


def test_unknown_batches_and_files(client):
    for path in ("batches/none/files", "files/none", "files/none-1"):
        assert client.get(f"{EXPORT}/{path}").status_code == 404
