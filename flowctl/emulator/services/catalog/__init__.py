"""Catalog: datasets and the batches that they hold."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.catalog import batches, dataset_files, datasets
from flowctl.emulator.services.catalog.dry_run import only_validated, validates_only
from flowctl.emulator.services.refusals import GENERIC

CATALOG = Service(
    prefix="/data/foundation/catalog",
    operations=(
        Operation("GET", "/dataSets", datasets.list_datasets),
        Operation("POST", "/dataSets", only_validated(datasets.create)),
        Operation("GET", "/dataSets/{id}", datasets.read),
        Operation("PUT", "/dataSets/{id}", only_validated(datasets.replace)),
        Operation("PATCH", "/dataSets/{id}", datasets.patch),
        Operation("GET", "/dataSets/{id}/views", dataset_files.list_views),
        Operation("GET", "/dataSets/{id}/views/{view}", dataset_files.read_view),
        Operation("GET", "/dataSets/{id}/views/{view}/files", dataset_files.list_files),
        Operation("PATCH", "/v2/dataSets/{id}", datasets.merge),
        Operation("DELETE", "/dataSets/{id}", datasets.delete),
        Operation("GET", "/batches", batches.list_batches),
        Operation("POST", "/batches", only_validated(batches.create)),
        Operation("GET", "/batches/uniques/{field}", batches.list_uniques),
        Operation("GET", "/batches/{id}", batches.read),
        Operation("POST", "/batches/{id}", only_validated(batches.create)),
        Operation("PUT", "/batches/{id}", only_validated(batches.replace)),
        Operation("PATCH", "/batches/{id}", batches.patch),
        Operation("DELETE", "/batches/{id}", batches.delete),
        Operation("GET", "/lastBatches", batches.list_last),
    ),
    refusals=GENERIC,
    media_types=("application/json", "application/json-patch+json"),
    validates_only=validates_only,
)
