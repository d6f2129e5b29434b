"""The datasets, batches, files and mapping sets that documented requests take for granted."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from .conftest import CATALOG, PREP
from .registry_world import RegistryWorld

BATCHES = "/data/foundation/import/batches"
EXPORT = "/data/foundation/export"
OCTETS = {"Content-Type": "application/octet-stream"}
ENABLED = {"unifiedProfile": ["enabled:true"], "unifiedIdentity": ["enabled:true"]}


class DataWorld(RegistryWorld):
    """What Catalog, Batch Ingestion, Data Access and Data Prep have, by the names of the pages."""

    dataset_name = "loyalty"
    file_name = "part-0.json"
    mapping_set_name = "Members"

    @cached_property
    def dataset_id(self) -> str:
        return self.client.dataset(self.members_id, name="another", description="Text")

    @cached_property
    def table_dataset_id(self) -> str:
        tags = {"adobe/pqs/table": ["sample_dataset"]}
        return self.client.dataset(self.members_id, name="a table", description="Text", tags=tags)

    @cached_property
    def tagged_dataset_id(self) -> str:
        """A dataset that was changed some times."""
        tags = {"sampleTag": ["123456"], "secondTag": ["A value"]}
        id_ = self.client.dataset(self.members_id, name="exampleName", tags=tags)
        for number in range(5):
            changed = self.client.patch(f"{CATALOG}/dataSets/{id_}", json={"description": f"Text {number}"})
            assert changed.status_code == 200
        return id_

    @cached_property
    def profile_dataset_id(self) -> str:
        return self.client.dataset(self.union_schema_id, name="Events", tags={"adobe/pqs/table": ["events"]})

    @cached_property
    def enabled_dataset_id(self) -> str:
        tags = {"adobe/pqs/table": ["events"], **ENABLED}
        return self.client.dataset(self.union_schema_id, name="Events", tags=tags)

    def _batch(self, format_: str = "json", **more: Any) -> str:
        body = {"datasetId": self.dataset_id, "inputFormat": {"format": format_}, **more}
        return str(self.client.made(BATCHES, body)["id"])

    def _with_records(self, records: list[Any], **more: Any) -> str:
        batch = self._batch(**more)
        content = "".join(f"{json.dumps(record)}\n" for record in records).encode()
        path = f"{BATCHES}/{batch}/datasets/{self.dataset_id}/files/{self.file_name}"
        assert self.client.put(path, content=content, headers=OCTETS).status_code < 300
        assert self.client.post(f"{BATCHES}/{batch}?action=COMPLETE").status_code == 200
        return batch

    @cached_property
    def batch_id(self) -> str:
        return self._batch()

    @cached_property
    def parquet_batch_id(self) -> str:
        return self._batch("parquet")

    @cached_property
    def csv_batch_id(self) -> str:
        return self._batch("csv")

    @cached_property
    def ended_batch_id(self) -> str:
        return self._with_records([{"_id": "1"}, {"_id": "2"}])

    @cached_property
    def failed_batch_id(self) -> str:
        return self._with_records([{"_id": 1}])

    @cached_property
    def partial_batch_id(self) -> str:
        """A batch with errors below its limit."""
        records = [{"_id": "1"}] * 99 + [{"_id": 1}]
        return self._with_records(records, enableErrorDiagnostics=True, partialIngestionPercentage=5)

    @property
    def filled_dataset_id(self) -> str:
        assert self.ended_batch_id
        return self.dataset_id

    @cached_property
    def view_id(self) -> str:
        found = self.client.get(f"{CATALOG}/dataSets/{self.filled_dataset_id}").json()[self.dataset_id]
        return str(found["viewId"])

    @cached_property
    def file_id(self) -> str:
        files = self.client.get(f"{EXPORT}/batches/{self.ended_batch_id}/files").json()["data"]
        id_ = str(files[0]["dataSetFileId"])
        self.file_name = self.client.get(f"{EXPORT}/files/{id_}").json()["data"][0]["name"]
        return id_

    def _begun(self, name: str) -> str:
        path = f"{BATCHES}/{self.batch_id}/datasets/{self.dataset_id}/files/{name}"
        assert self.client.post(f"{path}?action=INITIALIZE").status_code < 300
        return path

    @cached_property
    def large_file(self) -> str:
        return self._begun("large.json")

    @cached_property
    def large_file_in_folders(self) -> str:
        return self._begun("part1=a/part2=b/data.json")

    @cached_property
    def large_file_part(self) -> str:
        content = b'{"_id": "1"}\n'
        whole = {**OCTETS, "Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        assert self.client.patch(self.large_file, content=content, headers=whole).status_code == 200
        return "large.json"

    @cached_property
    def mapping_set_id(self) -> str:
        rows = [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id", "name": "id", "description": "ID"}]
        reference = {"id": self.members_id, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
        body = {"name": self.mapping_set_name, "outputSchema": {"schemaRef": reference}, "mappings": rows}
        body["inputSchema"] = {"id": "e660142cab8e438382abc5691b364b30", "version": 0, "sampleId": "f9e83882"}
        return str(self.client.made(f"{PREP}/mappingSets", body, 200)["id"])

    @cached_property
    def mapping_id(self) -> str:
        return str(self.client.get(f"{PREP}/mappingSets/{self.mapping_set_id}/mappings").json()[0]["id"])
