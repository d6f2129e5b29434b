"""What is known to be structure: the public words of Experience Platform. Everything else is replaced in a record.

The words come from Adobe's API descriptions (`data/words.json`), flowctl's catalogue, the XDM library and the mapping
language. No word of an organization is among them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from flowctl.dataprep.signatures import signatures
from flowctl.specs.files import file_stems, read_json
from flowctl.xdm.library import standard

_FILE: Final = Path(__file__).parent / "data" / "words.json"
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# Words of requests and replies that no API description has, but Adobe's guides do, or the wire.
_MORE_MEMBERS: Final = """
imsOrg asc desc grant_type client_id client_secret scope access_token token_type expires_in error_code error-chain
_errors specificErrors errorMessage errorCode errorDetails additionalContext mappingId mappingVersion deltaColumn
dateFormat timezone startTime frequency interval backfill scheduleParams selector Mapping xdm adobe/pqs/table
unifiedProfile unifiedIdentity detail-message report registryRequestId timestamp lastUpdated meta:refProperty
meta:allFieldAccess columnDelimiter compressionType validationOnly determineProperties xdm:cardinality
xdm:destinationNamespace xdm:destinationProperty xdm:excludeMetaEnum xdm:repositoryCreatedBy repo:createDate
meta:descriptorStatus meta:descriptors meta:created meta:updated identityGroup namespaceCode enableErrorDiagnostics
partialIngestionPercentage acp_enableErrorDiagnostics acp_partialIngestionPercent sensitivity containerName
containerTTL storageAccountName expiryTime expiryDate SASUri SASToken publicKeyId encryptionAlgorithm encryptionKey
error_description hasNext pageInfo statsCache inletId inletUrl auditTrails
"""
_MORE_VALUES: Final = """
prod dev client_credentials bearer enabled disabled enabled:true isDefault:true once minute hour day week tabular
delimited parquet_xdm parquet json inProgress succeeded pending initializing updating deleting delete-finalizing
record time-series adhoc validate-only xed xdm Profile GET POST PUT PATCH DELETE test move copy asc desc asc(created)
desc(created) createdAt updatedAt created updated UTC GMT ingestion Copy add remove replace xdm:descriptorDeprecated
xdm:descriptorLabel xdm:descriptorTimestamp xdm:descriptorTimeSeriesGranularity stable deprecated experimental ACTIVE
DEVICE text/x.schema-path text/x.aep-xl copyActivity promotionActivity password map short int date-time time uri
uri-reference ipv4 ipv6 email initialize complete abort INITIALIZE COMPLETE ABORT FAIL REVERT union refresh
user_drop_zone row_errors input_files row_errors_sample.json row_error_samples.json GPG PGP xdm:descriptorVersion true
false draft enable disable publish re-trigger RE_TRIGGER reset root table rest
"""
_MORE_SEGMENTS: Final = """
ims token v1 v2 v3 flowservice catalog conversion schemaregistry identity idnamespace foundation data core
sandbox-management query audit landingzone encryption keys extSourceMapping samples schemas convert batch batches
accounts connectors dataSetFiles dataSetViews views upload
"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of members and fields, values, values that also stand where people write, parts of paths, public IDs."""

    members: frozenset[str]
    values: frozenset[str]
    names: frozenset[str]
    segments: frozenset[str]
    ids: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """Return the words; they are read when a record is first made or compared."""
    words = json.loads(_FILE.read_text(encoding="utf-8"))
    library = standard()
    ids = set(library.ids())
    names = set(library.titles)
    members = {*words["members"], *_MORE_MEMBERS.split(), *signatures()}
    for id_ in ids:
        members |= set(re.split(r"\W+", id_.partition("ns.adobe.com/")[2]))
        members |= set(_fields(library.get(id_) or {}))
    values = {*words["values"], *_MORE_VALUES.split()}
    public: set[str] = set()
    for folder in ("connectors", "flow_specs"):
        for stem in file_stems(folder):
            document = read_json(folder, stem)
            for name, member in _pairs(document):
                members |= set(re.findall(r"[\w@$:-]+", name))
                values |= set(_enumerated(name, member))
                if name == "name" and isinstance(member, str):
                    names.add(member)
            public |= set(_UUID.findall(json.dumps(document)))
    # Short forms of IDs, and the unions of classes.
    ids |= {f"_{id_.partition('ns.adobe.com/')[2].replace('/', '.')}" for id_ in library.ids()}
    ids |= {f"{id_}__union" for id_ in library.ids()}
    ids |= {f"{short}__union" for short in ids if short.startswith("_")}
    return Vocabulary(
        members=frozenset(members - {""}),
        values=frozenset(values | names),
        names=frozenset(names),
        segments=frozenset({*words["segments"], *_MORE_SEGMENTS.split()}),
        ids=frozenset(ids | public),
    )


def _fields(facts: dict[str, Any]) -> Iterator[str]:
    for name, node in facts.get("fields", {}).items():
        yield name
        if isinstance(node, dict):
            yield from _fields(node)
            for inner in ("items", "values"):
                if isinstance(node.get(inner), dict):
                    yield from _fields(node[inner])


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every member of every object in a JSON value, with its name."""
    if isinstance(value, dict):
        yield from value.items()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _pairs(each)


def _enumerated(name: str, member: Any) -> Iterator[str]:
    if name in ("enum", "const", "default"):
        listed = member if isinstance(member, list) else [member]
        yield from (each for each in listed if isinstance(each, str))
