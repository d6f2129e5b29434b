"""Batch ingestion: files that a client uploads for a batch, and what makes records of them.

Shape: Batch Ingestion description, and Adobe docs, ingestion/batch-ingestion/api-overview.md.
"""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.batch_ingestion import batches, files, preview
from flowctl.emulator.services.refusals import GENERIC

_FILE = "/batches/{id}/datasets/{dataset}/files/{path:rest}"

BATCH_INGESTION = Service(
    prefix="/data/foundation/import",
    operations=(
        Operation("POST", "/batches", batches.create),
        Operation("POST", "/batches/{id}", batches.act),
        Operation("GET", "/batches/{id}/datasets/{dataset}/preview", preview.preview),
        Operation("PUT", _FILE, files.upload),
        Operation("PATCH", _FILE, files.upload_part),
        Operation("POST", _FILE, files.act),
        Operation("HEAD", _FILE, files.read_range),
    ),
    refusals=GENERIC,
    media_types=(),
    largest_body=files.LARGEST_PART,
)
