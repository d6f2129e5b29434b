"""What can be chosen about the emulator's behavior, where the published sources leave it open."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

CHOICES: dict[str, tuple[str, ...]] = {
    "schedule": ("documented", "strict"),
    "secrets": ("mask", "echo", "drop", "hash"),
    "schemaEvolution": ("strict", "ingested"),
    "mappingSetDelete": ("refuse", "allow"),
    "mappingChecks": ("documented", "strict"),
    "mappingSetPaging": ("required", "optional"),
    "outputSchemas": ("asked", "always"),
    "transitions": ("immediate", "reads", "seconds"),
    "runOutcome": ("success", "failed", "partial", "empty"),
    "credentials": ("valid", "invalid"),
    "deletes": ("204", "202"),
    "paths": ("trimmed", "posted"),
    "numbers": ("posted", "text"),
    "accessLabels": ("ignored", "enforced"),
    "recordFormat": ("ndjson", "parquet"),
    "drafts": ("specs", "all"),
    "titles": ("library", "tenant"),
    "tenantReads": ("all", "own"),
    "runReply": ("flat", "items"),
    "encryptionKeys": ("any", "created"),
    "namespaces": ("any", "existing"),
    "pairs": ("shared", "single"),
    "sourceParams": ("any", "described"),
    "authParams": ("any", "described"),
    "datasetDeletes": ("any", "unused"),
    "uploads": ("description", "guide"),
    "batchAborts": ("processing", "loading"),
    "registryMetadata": ("current", "older"),
    "documents": ("descriptions", "guides"),
}


@dataclass(slots=True)
class Settings:
    """Switches of the running platform; the names are the keys of `POST /_emulator/settings`.

    - `schedule`: `documented` accepts an interval with once where it is text, as the marketing automation tutorial
      documents a 201 for it; `strict` never does (flow spec schema).
    - `secrets`: secret auth parameters on read are masked, echoed, dropped or hashed (the sources do not say which).
    - `schemaEvolution`: breaking schema changes are refused as soon as a dataset uses the schema (`strict`,
      Adobe docs: XDM troubleshooting guide) or once data is ingested (`ingested`, Schema Registry API guide).
    - `mappingSetDelete`: no public documentation has a DELETE of mapping sets; one client sends it.
    - `mappingChecks`: creation of mapping sets and flows checks no mapping (`documented`: validation is a request of
      its own), or refuses what validation fails (`strict`).
    - `mappingSetPaging`: the official description requires limit and start on the list; one client sends only limit.
    - `transitions`, `transitionCount`: how long passing states last: not at all, so many reads, so many seconds.
    - `outputSchemas`: a mapping set shows its resolved schema if `expandSchema` asks for it (Data Prep description), or
      in each reply about one set (the guide's samples).
    - `runOutcome`: how flow runs end; `partial` is a success with errors, `empty` one without records.
    - `credentials`: what the test of a base connection finds.
    - `deletes`: the status of a DELETE in Flow Service; the Sources and Destinations descriptions differ.
    - `paths`: whether Flow Service removes the final slash of files and folders (Adobe docs: sources FAQ).
    - `numbers`: whether Flow Service keeps numbers and booleans as they were posted, or as text.
    - `accessLabels`: whether a flow with `labels` is hidden from a client that lacks the permission `label:LABEL`.
    - `recordFormat`: how the records of a run are kept below `datasets/`; Parquet needs duckdb.
    - `drafts`: only specs with `isDraftModeSupported` have drafts (flow specs), or all (the drafts guide shows one that
      has not).
    - `titles`: a title is unique among the tenant's and the standard resources, or among the tenant's only (a tutorial
      creates a data type that the library has too).
    - `tenantReads`: reads of single resources in the container `tenant` find standard ones too (Adobe's Python client
      relies on it), or only the tenant's own (Schema Registry API guide).
    - `runReply`: `POST /runs` answers `{"id", "etag"}` (Flow Service description) or the same in `items` (guide).
    - `encryptionKeys`: whether a flow can name a key that `POST /connectors/encryption/keys` did not make (no
      document says).
    - `namespaces`: whether a descriptor can name an identity namespace that does not exist (no document says it).
    - `pairs`: whether several flows can have one pair of connections (no document says what happens).
    - `sourceParams`: whether the source connection of a table needs a table and the format `tabular` (the published
      specs require neither).
    - `authParams`: whether a base connection can have auth parameters that its spec does not describe (the published
      specs are open).
    - `datasetDeletes`: whether the dataset of an enabled flow can be deleted (no document says it).
    - `uploads`: a file that is uploaded for a batch answers 201, and the beginning and the end of a large one 200
      (Batch Ingestion description), or the other way round (guide). A batch whose files become records is `processing`
      (description) or `staging` (guide). A batch needs an `inputFormat` (description), or has that of its dataset
      (guide).
    - `batchAborts`: whether a batch can be aborted until it has ended (Batch Ingestion guide), or only while it takes
      files (its troubleshooting page).
    - `completeWait`: for how many milliseconds the request that completes a batch waits for its end at most (the
      platform's takes longer, and no document says how long).
    - `registryMetadata`: replies to writes in Schema Registry have the metadata of its reads (tutorials), or
      `repo:createDate` and `xdm:repositoryCreatedBy` (guides of classes and schemas).
    - `documents`: where a guide differs from the API description in a small thing, the description counts, or the
      guide: a descriptor that is replaced answers 201; types of sandboxes are names, the links of their lists have no
      `templated`, and a reset answers with an `id`; the change log has `auditTrails`; an etag in `If-Match` may lack
      its quotes.
    - `tokenSeconds`: lifetime of an issued token.
    - `visibilityDelay`: for how many milliseconds a new resource of Schema Registry is unknown to reads and references
      (no document says that it is at once, or that it is not).
    - `updateDelay`: for how many milliseconds reads and references know a resource of Schema Registry as it was before
      its change (no document says it either).
    """

    schedule: str = "documented"
    secrets: str = "mask"
    schemaEvolution: str = "strict"  # noqa: N815 - the wire name
    mappingSetPaging: str = "required"  # noqa: N815 - the wire name
    outputSchemas: str = "asked"  # noqa: N815 - the wire name
    mappingSetDelete: str = "refuse"  # noqa: N815 - the wire name
    mappingChecks: str = "documented"  # noqa: N815 - the wire name
    transitions: str = "immediate"
    transitionCount: int = 1  # noqa: N815 - the wire name
    runOutcome: str = "success"  # noqa: N815 - the wire name
    credentials: str = "valid"
    deletes: str = "204"
    paths: str = "trimmed"
    numbers: str = "posted"
    accessLabels: str = "ignored"  # noqa: N815 - the wire name
    recordFormat: str = "ndjson"  # noqa: N815 - the wire name
    drafts: str = "specs"
    titles: str = "library"
    tenantReads: str = "all"  # noqa: N815 - the wire name
    runReply: str = "flat"  # noqa: N815 - the wire name
    encryptionKeys: str = "any"  # noqa: N815 - the wire name
    namespaces: str = "any"
    pairs: str = "shared"
    sourceParams: str = "any"  # noqa: N815 - the wire name
    authParams: str = "any"  # noqa: N815 - the wire name
    datasetDeletes: str = "any"  # noqa: N815 - the wire name
    uploads: str = "description"
    batchAborts: str = "processing"  # noqa: N815 - the wire name
    completeWait: int = 500  # noqa: N815 - the wire name
    registryMetadata: str = "current"  # noqa: N815 - the wire name
    documents: str = "descriptions"
    tokenSeconds: int = 86399  # noqa: N815 - the wire name
    visibilityDelay: int = 0  # noqa: N815 - the wire name
    updateDelay: int = 0  # noqa: N815 - the wire name

    def update(self, changes: dict[str, Any]) -> None:
        """Set the given switches. Raises `ValueError` on an unknown name or value, and then changes nothing."""
        known = {field.name: field for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"Unknown setting `{name}`; known: {', '.join(sorted(known))}.")
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"Setting `{name}` is one of {', '.join(CHOICES[name])}.")
            if name not in CHOICES and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                raise ValueError(f"Setting `{name}` is an integer of at least 0.")
        for name, value in changes.items():
            setattr(self, name, value)

    @property
    def follows_guides(self) -> bool:
        """Whether guides count where they differ from the API descriptions."""
        return self.documents == "guides"

    def as_dict(self) -> dict[str, Any]:
        """Return all switches with their values."""
        return dataclasses.asdict(self)
