"""Datasets as the catalog lists them: by ID, each with the schema that others refer to through it."""

from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.model.request import Reply

DATASET = "5c8c3c555033b814b69f947f"
SCHEMA = "https://ns.adobe.com/acme/schemas/1"


@pytest.mark.parametrize(
    ("body", "schema_id"),
    [
        ({"schemaRef": {"id": SCHEMA}}, SCHEMA),
        ({"schemaRef": {}}, ""),
        ({"schemaRef": None}, ""),
        ({}, ""),
    ],
)
def test_the_schema_of_a_dataset_is_an_output(body: Any, schema_id: str) -> None:
    reply = Reply(status=200, body={DATASET: {"name": "n", "version": "1.0.1", **body}})
    (live,) = KINDS["dataset"].objects(reply)
    assert (live.id, live.outputs) == (DATASET, {"schema_id": schema_id})
