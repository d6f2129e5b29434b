"""Catalog: datasets and the batches that they hold."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.catalog import batches, datasets
from flowctl.emulator.services.refusals import GENERIC

CATALOG = Service(
    prefix="/data/foundation/catalog",
    operations=(
        Operation("GET", "/dataSets", datasets.list_datasets),
        Operation("POST", "/dataSets", datasets.create),
        Operation("GET", "/dataSets/{id}", datasets.read),
        Operation("PUT", "/dataSets/{id}", datasets.replace),
        Operation("PATCH", "/dataSets/{id}", datasets.patch),
        Operation("PATCH", "/v2/dataSets/{id}", datasets.merge),
        Operation("DELETE", "/dataSets/{id}", datasets.delete),
        Operation("GET", "/batches", batches.list_batches),
        Operation("POST", "/batches", batches.create),
        Operation("GET", "/batches/uniques/{field}", batches.list_uniques),
        Operation("GET", "/batches/{id}", batches.read),
        Operation("POST", "/batches/{id}", batches.create),
        Operation("PUT", "/batches/{id}", batches.replace),
        Operation("PATCH", "/batches/{id}", batches.patch),
        Operation("DELETE", "/batches/{id}", batches.delete),
        Operation("GET", "/lastBatches", batches.list_last),
    ),
    refusals=GENERIC,
    media_types=("application/json", "application/json-patch+json"),
)
