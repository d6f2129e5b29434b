"""Every method of eight modules of Adobe's Python client, called with real arguments against a served emulator.

Run with the URL as the only argument in a virtual environment that has `aepp` and nothing of flowctl. It prints JSON:
`methods`, all that the modules have, and `outcomes`, for each that was called `works` or what happened instead. A
method works where it raised nothing, no request of it was refused, and its result is what its name promises.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import requests
from aepp import catalog, dataprep, fieldgroupmanager, flowservice, identity, sandboxes, schema, schemamanager
from aepp_session import CLOUD_STORAGE, S3, XDM, connect

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = (flowservice, catalog, schema, schemamanager, fieldgroupmanager, dataprep, sandboxes, identity)
CRM_TO_AEP = "14518937-270c-4525-bdec-c2ba7cce3860"
TEXT = {"op": "add", "path": "/description", "value": "Text"}

OUTCOMES: dict[str, str] = {}
STATUSES: list[int] = []


def watch() -> None:
    """Keep the status of each reply."""
    send = requests.Session.send

    def kept(self: Any, request: Any, **options: Any) -> Any:
        response = send(self, request, **options)
        STATUSES.append(response.status_code)
        return response

    requests.Session.send = kept  # type: ignore[method-assign]


def call(target: Any, name: str, expected: Callable[[Any], Any], /, *args: Any, **options: Any) -> Any:
    """Call a method, keep whether it works, and return its result."""
    key = f"{type(target).__name__}.{name}"
    STATUSES.clear()
    result = None
    try:
        with contextlib.redirect_stdout(sys.stderr):
            result = getattr(target, name)(*args, **options)
        refused = [status for status in STATUSES if status >= 400]
        outcome = "works" if not refused and expected(result) else f"{refused} {result!r}"[:300]
    except Exception as error:
        outcome = f"{type(error).__name__}: {error} {STATUSES}"[:300]
    if OUTCOMES.get(key, "works") == "works":
        OUTCOMES[key] = outcome
    return result


def methods() -> list[str]:
    """Return all public methods of the modules' classes."""
    found = []
    for module in MODULES:
        for name, each in vars(importlib.import_module(module.__name__)).items():
            if inspect.isclass(each) and each.__module__ == module.__name__:
                found += [f"{name}.{method}" for method, value in vars(each).items() if public(method, value)]
    return found


def public(name: str, value: Any) -> bool:
    """Tell whether a member of a class is a method for its users."""
    return not name.startswith("_") and (callable(value) or isinstance(value, (staticmethod, classmethod)))


def has(*names: str) -> Callable[[Any], bool]:
    """Expect an object with these members."""
    return lambda result: all(name in result for name in names)


def some(result: Any) -> bool:
    """Expect something that is not empty."""
    return len(result) > 0


def holds(actual: Any, expected: Any) -> bool:
    """Tell whether a value has all that is expected: members of objects, and items of lists in their order."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            name in actual and holds(actual[name], each) for name, each in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(actual) == len(expected) and all(map(holds, actual, expected))
    return type(actual) is type(expected) and actual == expected


def stored(read: Callable[[str], Any], **members: Any) -> Callable[[Any], bool]:
    """Expect that what was made or changed has these members when it is read again."""
    return lambda result: holds(read(result.get("id") or result.get("$id") or result.get("@id")), members)


def refs(*ids: str) -> list[dict[str, str]]:
    """Return the `allOf` of these resources."""
    return [{"$ref": id_} for id_ in ids]


def nothing(result: Any) -> bool:
    """Expect no result, or the status of a deletion."""
    return result is None or result in (200, 202, 204)


def ids_of(items: list[dict[str, Any]]) -> set[str]:
    """Return the IDs of a list, to tell whether an object is still there."""
    return {each["id"] for each in items}


def body(title: str, **fields: Any) -> dict[str, Any]:
    """Return a field group for profiles."""
    own = {"type": "object", "properties": {"_local": {"type": "object", "properties": fields}}}
    return {
        "type": "object",
        "title": title,
        "description": "Ours",
        "meta:intendedToExtend": [f"{XDM}/profile"],
        "definitions": {"customFields": own},
        "allOf": [{"$ref": "#/definitions/customFields"}],
    }


def registry_session(url: str) -> tuple[schema.Schema, str, str]:
    """Call the methods of Schema; return it with a schema and a field group."""
    registry = schema.Schema()
    call(registry, "getResource", has("results"), f"{url}/data/foundation/schemaregistry/tenant/schemas", format="json")
    call(registry, "updateSandbox", nothing, "prod")
    registry.updateSandbox("dev")
    call(registry, "getStats", has("tenantId", "counts"))
    call(registry, "getTenantId", lambda got: got == "local")
    behaviors = call(registry, "getBehaviors", some)
    call(registry, "getBehavior", has("$id"), behaviors[0]["$id"])
    points = {"type": "integer", "title": "Points"}

    def raw(id_: str) -> Any:
        return registry.getSchema(id_, full=False, schema_type="xed")

    group = call(
        registry,
        "createFieldGroup",
        stored(lambda id_: registry.getFieldGroup(id_, full=False), **body("Points", points=points)),
        body("Points", points=points),
    )
    ids = [f"{XDM}/profile-person-details", f"{XDM}/profile-personal-details", group["$id"]]
    profile = {"title": "Customers", "description": "Ours", "allOf": refs(f"{XDM}/profile", *ids)}
    customers = call(
        registry, "createProfileSchema", stored(raw, **profile), name="Customers", fieldGroupIds=ids, description="Ours"
    )
    event = call(
        registry,
        "createExperienceEventSchema",
        stored(
            raw,
            title="Visits",
            description="Ours",
            allOf=refs(f"{XDM}/experienceevent", f"{XDM}/experienceevent-web"),
        ),
        name="Visits",
        fieldGroupIds=[f"{XDM}/experienceevent-web"],
        description="Ours",
    )
    plain = call(
        registry,
        "createSchema",
        stored(raw, title="Plain", allOf=refs(f"{XDM}/profile")),
        {"title": "Plain", "type": "object", "allOf": [{"$ref": f"{XDM}/profile"}]},
    )
    call(registry, "getSchemas", lambda got: len(got) == 3)
    call(registry, "getSchemasGlobal", some)
    call(registry, "getSchema", lambda got: "_local" in got["properties"], customers["$id"], schema_type="xed")
    call(registry, "getSchemaPaths", some, customers["$id"])
    call(registry, "getSchemaSample", has("_local"), customers["$id"])
    call(
        registry,
        "patchSchema",
        stored(raw, title="Clients", description="Ours"),
        customers["$id"],
        [{"op": "replace", "path": "/title", "value": "Clients"}],
    )
    call(
        registry,
        "putSchema",
        stored(raw, title="Put", allOf=refs(f"{XDM}/profile")),
        plain["$id"],
        {"title": "Put", "type": "object", "allOf": [{"$ref": f"{XDM}/profile"}]},
    )
    call(
        registry,
        "addFieldGroupToSchema",
        stored(raw, allOf=refs(f"{XDM}/profile", group["$id"])),
        plain["$id"],
        [group["$id"]],
    )
    call(
        registry,
        "deleteSchema",
        lambda _: event["$id"] not in {each["$id"] for each in registry.getSchemas()},
        event["$id"],
    )
    class_session(registry)
    call(registry, "getFieldGroups", lambda got: got[0]["title"] == "Points")
    call(registry, "getFieldGroupsGlobal", some)
    call(registry, "getFieldGroup", has("definitions"), group["$id"], full=False)
    whole = registry.getFieldGroup(group["$id"], full=False)
    call(
        registry,
        "copyFieldGroup",
        lambda got: got["title"] == "Copy",
        whole,
        "local",
        "Copy",
    )
    spare = registry.createFieldGroup(body("Spare", spare=points))
    renamed = stored(lambda id_: registry.getFieldGroup(id_, full=False), title="Other", description="Ours")
    call(registry, "patchFieldGroup", renamed, spare["$id"], [{"op": "replace", "path": "/title", "value": "Other"}])
    call(registry, "putFieldGroup", lambda got: got["title"] == "Third", spare["$id"], body("Third", spare=points))
    visits = [f"{XDM}/experienceevent"]
    extended = stored(lambda id_: registry.getFieldGroup(id_, full=False), **{"meta:intendedToExtend": visits})
    call(registry, "extendFieldGroup", extended, spare["$id"], visits)
    call(
        registry,
        "deleteFieldGroup",
        lambda _: spare["$id"] not in {each["$id"] for each in registry.getFieldGroups()},
        spare["$id"],
    )
    type_session(registry)
    descriptor_session(registry, customers["$id"])
    call(registry, "getAuditLogs", some, customers["$id"])
    exported = call(registry, "exportResource", lambda got: isinstance(got, list) and got, customers["$id"])
    call(registry, "importResource", lambda got: bool(got), exported)
    call(registry, "enableSchemaForRealTime", lambda got: "union" in got["meta:immutableTags"], customers["$id"])
    call(registry, "enableSchemaForUPS", lambda got: "union" in got["meta:immutableTags"], customers["$id"])
    call(registry, "getUnions", some)
    call(registry, "getUnion", has("$id"), f"{XDM}/profile__union")
    call(registry, "getXDMprofileSchema", lambda got: len(got["results"]) == 1)
    call(registry, "FieldGroupManager", lambda got: got.title == "Points", group["$id"])
    call(registry, "SchemaManager", lambda got: got.title == "Clients", customers["$id"])
    frame = registry.SchemaManager(customers["$id"]).to_dataframe()
    call(registry, "compareDFschemas", some, frame, frame)
    return registry, customers["$id"], group["$id"]


def class_session(registry: schema.Schema) -> None:
    """Call the methods of Schema about classes."""
    call(registry, "getClassesGlobal", some)
    fields = {"_local": {"type": "object", "properties": {"sku": {"type": "string", "title": "SKU"}}}}
    obj = {
        "type": "object",
        "title": "Shop article",
        "definitions": {"customFields": {"type": "object", "properties": fields}},
        "allOf": [{"$ref": "https://ns.adobe.com/xdm/data/record"}, {"$ref": "#/definitions/customFields"}],
    }

    def raw(id_: str) -> Any:
        return registry.getClass(id_, full=False)

    article = call(registry, "createClass", stored(raw, **obj), obj)["$id"]
    call(registry, "getClasses", lambda got: [each["$id"] for each in got] == [article])
    call(registry, "getClass", has("properties"), article)
    call(registry, "patchClass", stored(raw, description="Text", title="Shop article"), article, [TEXT])
    call(registry, "putClass", stored(raw, **obj, description="Put"), article, {**obj, "description": "Put"})
    call(registry, "deleteClass", lambda _: registry.getClasses() == [], article)


def type_session(registry: schema.Schema) -> None:
    """Call the methods of Schema about data types."""
    obj = {"title": "Points of a shop", "type": "object", "properties": {"shop": {"type": "string", "title": "Shop"}}}

    def raw(id_: str) -> Any:
        return registry.getDataType(id_, full=False)

    points = call(registry, "createDataType", stored(raw, **obj), obj)["$id"]
    call(registry, "getDataTypes", lambda got: [each["$id"] for each in got] == [points])
    call(registry, "getDataTypesGlobal", some)
    call(registry, "getDataType", has("properties"), points)
    call(registry, "patchDataType", stored(raw, description="Text"), points, [TEXT])
    call(registry, "putDataType", stored(raw, **obj), points, obj)
    call(registry, "DataTypeManager", lambda got: got.title == "Points of a shop", points)
    call(registry, "deleteDataType", lambda _: registry.getDataTypes() == [], points)


def descriptor_session(registry: schema.Schema, schema_id: str) -> None:
    """Call the methods of Schema about descriptors."""
    wanted = {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/personalEmail/address",
        "xdm:namespace": "Email",
        "xdm:isPrimary": True,
    }
    operation = call(
        registry,
        "createDescriptorOperation",
        lambda got: holds(got, wanted),
        sourceSchema=schema_id,
        descType="xdm:descriptorIdentity",
        completePath="/personalEmail/address",
        identityNSCode="Email",
        identityPrimary=True,
    )
    identity = call(registry, "createDescriptor", stored(registry.getDescriptor, **wanted), operation)
    call(registry, "getDescriptors", lambda got: holds(got, [wanted]))
    call(registry, "getDescriptor", lambda got: holds(got, wanted), identity["@id"])
    changed = {name: value for name, value in identity.items() if name.startswith("xdm:") or name == "@type"}
    call(
        registry,
        "putDescriptor",
        stored(registry.getDescriptor, **wanted | {"xdm:isPrimary": False}),
        identity["@id"],
        changed | {"xdm:isPrimary": False},
    )
    registry.putDescriptor(identity["@id"], changed)
    label = registry.createDescriptor(
        {
            "@type": "xdm:alternateDisplayInfo",
            "xdm:sourceSchema": schema_id,
            "xdm:sourceVersion": 1,
            "xdm:sourceProperty": "/person/name/firstName",
            "xdm:title": {"en_us": "Given name"},
        }
    )
    call(
        registry,
        "deleteDescriptor",
        lambda _: label["@id"] not in {each["@id"] for each in registry.getDescriptors()},
        label["@id"],
    )


def catalog_session(url: str, schema_id: str) -> str:
    """Call the methods of Catalog; return a dataset."""
    service = catalog.Catalog()
    base = f"{url}/data/foundation/catalog"

    def link_to(**members: Any) -> Callable[[Any], bool]:
        """Expect the link of a dataset, which has these members when it is read again."""
        return lambda got: holds(*(service.getDataSet(got[0].removeprefix("@/dataSets/")).values()), members)

    first = call(
        service,
        "createDataSet",
        link_to(name="Customers", schemaRef={"id": schema_id}),
        name="Customers",
        schemaId=schema_id,
    )
    id_ = first[0].rpartition("/")[2]
    call(service, "getResource", has(id_), f"{base}/dataSets")
    call(service, "getResourceToFile", nothing, f"{base}/dataSets", "datasets.json")
    call(service, "decodeStreamBatch", has("body"), '{"body": "text"}')
    call(service, "jsonStreamMessages", lambda got: got == [{"a": 1}], '{"a": 1}')
    call(service, "getDataSets", has(id_))
    call(service, "getDatasetsInfos", lambda got: len(got) == 1)
    call(service, "getProfileSnapshotDatasets", lambda got: got == {})
    call(service, "getDataSet", has(id_), id_)
    call(service, "getDataSetObservableSchema", has("observableSchema"), id_)
    call(service, "getDataSetExpiration", has("id"), id_)
    call(service, "getResources", lambda got: isinstance(got, list))
    for name, tags in (
        ("enableDatasetProfile", {"unifiedProfile": ["enabled:true"]}),
        ("enableDatasetUpsert", {"unifiedProfile": ["enabled:true", "isUpsert:true"]}),
        ("enableDatasetIdentity", {"unifiedIdentity": ["enabled:true"]}),
        ("disableDatasetValidationContext", {}),
        ("disableDatasetProfile", {"unifiedProfile": ["enabled:false"]}),
        ("disableDatasetIdentity", {"unifiedIdentity": ["enabled:false"]}),
    ):
        call(service, name, link_to(tags=tags), id_)
    call(service, "patchDataset", link_to(description="Text"), id_, {"description": "Text"})
    call(service, "patchDatasetV2", link_to(description="Second", name="Customers"), id_, {"description": "Second"})
    lifetime = {"adobe_lakeHouse": {"rowExpiration": {"ttlValue": "P3M"}}}
    call(service, "setDatasetTTL", link_to(extensions=lifetime, name="Customers"), id_, "P3M")
    reference = {"id": schema_id, "contentType": "application/vnd.adobe.xed+json;version=1"}
    call(
        service,
        "putDataset",
        link_to(name="Customers", schemaRef=reference),
        id_,
        {"name": "Customers", "schemaRef": reference, "tags": service.getDataSet(id_)[id_]["tags"]},
    )
    call(service, "getDataSetViews", lambda got: isinstance(got, (dict, list)), id_)
    view = next(iter(service.getDataSetViews(id_) or ["none"]))
    call(service, "getDataSetView", some, id_, view)
    call(service, "getDataSetViewFiles", lambda got: isinstance(got, (dict, list)), id_, view)
    union = {"id": f"{XDM}/profile__union"}
    call(service, "createUnionProfileDataset", link_to(schemaRef=union))
    batch = call(
        service,
        "createBatch",
        lambda got: holds(
            *service.getBatch(got[0].removeprefix("@/batches/")).values(),
            {"status": "active", "relatedObjects": [{"type": "dataSet", "id": id_}]},
        ),
        {"status": "active", "relatedObjects": [{"type": "dataSet", "id": id_}]},
    )
    batch_id = batch[0].rpartition("/")[2]
    call(service, "getBatches", some)
    call(service, "getLastBatches", lambda got: isinstance(got, (dict, list)), id_)
    call(service, "getBatch", has(batch_id), batch_id)
    call(service, "findActiveBatch", lambda got: got == batch_id, batch_id)
    spare = service.createDataSet(name="Spare", schemaId=schema_id)[0].rpartition("/")[2]
    call(service, "deleteDataSet", lambda _: spare not in service.getDataSets(), spare)
    return str(id_)


def observable_session(registry: schema.Schema, schema_id: str) -> None:
    """Call the methods of ObservableSchemaManager, with the schema itself as what was observed."""
    manager = catalog.ObservableSchemaManager(registry.getSchema(schema_id, schema_type="xed"))
    call(manager, "searchField", some, "firstName")
    call(manager, "searchAttribute", some, {"type": "integer"})
    call(manager, "to_dataframe", some)
    call(manager, "to_dict", has("_local"))
    whole = schemamanager.SchemaManager(schema_id)
    call(manager, "compareSchemaAvailability", some, whole)
    call(whole, "compareObservableSchema", some, manager)


def manager_session(group_id: str, schema_id: str) -> None:
    """Call the methods of SchemaManager and FieldGroupManager."""
    manager = schemamanager.SchemaManager(schema_id)
    call(manager, "setTitle", nothing, "Clients")
    call(manager, "setDescription", nothing, "Ours")
    call(manager, "searchField", some, "points")
    call(manager, "searchAttribute", some, {"type": "integer"})
    call(manager, "getFieldGroupManager", lambda got: got.title == "Points", "Points")
    call(manager, "to_dataframe", some)
    call(manager, "to_dict", has("_local"))
    call(manager, "to_som", lambda got: got is not None)
    call(manager, "to_pydantic", lambda got: got is None)
    call(manager, "getDatasets", lambda got: [each["name"] for each in got.values()] == ["Customers"])
    call(manager, "updateSchema", stored(schema.Schema().getSchema, title="Clients", description="Ours"))
    call(manager, "getDescriptors", some)
    operation = call(
        manager,
        "createDescriptorOperation",
        has("@type"),
        descType="xdm:alternateDisplayInfo",
        completePath="/person/name/lastName",
        alternateTitle="Family name",
        alternateEnum=None,
    )
    registry = schema.Schema()
    shown = {"xdm:sourceProperty": "/person/name/lastName", "xdm:title": {"en_us": "Family name"}}
    label = call(manager, "createDescriptor", stored(registry.getDescriptor, **shown), operation)
    changed = {**operation, "xdm:title": {"en_us": "Last name"}}
    read = stored(registry.getDescriptor, **shown | {"xdm:title": {"en_us": "Last name"}})
    call(manager, "updateDescriptor", read, label["@id"], changed)
    fresh = schemamanager.SchemaManager(title="Fresh", schemaClass=f"{XDM}/profile")
    call(fresh, "addFieldGroup", lambda _: True, group_id)
    call(
        fresh,
        "createSchema",
        stored(
            lambda id_: registry.getSchema(id_, full=False, schema_type="xed"),
            title="Fresh",
            allOf=refs(f"{XDM}/profile", group_id),
        ),
    )
    frame = manager.to_dataframe(editable=True, full=True)
    call(manager, "importSchemaDefinition", lambda _: True, frame[frame["path"].str.startswith("_local")])
    call(manager, "applyFieldsChanges", lambda _: True)
    group_session(group_id)


def group_session(group_id: str) -> None:
    """Call the methods of FieldGroupManager."""
    manager = fieldgroupmanager.FieldGroupManager(group_id)
    call(manager, "setTitle", nothing, "Points")
    call(manager, "setDescription", nothing, "Ours")
    call(manager, "updateClassSupported", lambda _: True, [f"{XDM}/profile"])
    call(manager, "getField", has("type"), "_local.points")
    call(manager, "searchField", some, "points")
    call(manager, "searchAttribute", some, {"type": "integer"})
    call(manager, "addFieldOperation", some, "_local.colour", "string", "Colour")
    read = stored(lambda id_: schema.Schema().getFieldGroup(id_, full=False), description="Of ours", title="Points")
    call(manager, "patchFieldGroup", read, [{"op": "add", "path": "/description", "value": "Of ours"}])
    call(manager, "addField", some, "_local.size", "string", "Size")
    call(
        manager,
        "updateFieldGroup",
        stored(
            lambda id_: schema.Schema().getFieldGroup(id_, full=True),
            properties={"_local": {"properties": {"points": {"type": "integer"}, "size": {"type": "string"}}}},
        ),
    )
    call(manager, "addField", some, "_local.gone", "string", "Gone")
    call(manager, "removeField", lambda got: got is True, "_local.gone")
    call(manager, "to_dict", has("_local"))
    call(manager, "to_som", lambda got: got is not None)
    call(manager, "to_pydantic", some)
    frame = call(manager, "to_dataframe", some, full=True, editable=True)
    call(manager, "to_xdm", has("definitions"))
    call(manager, "getDataTypePaths", lambda got: got == {})
    call(manager, "getDescriptors", lambda got: isinstance(got, list))
    label = call(manager, "createDescriptorOperation", has("@type"), "xdm:descriptorLabel", "_local.points", ["C1"])
    made = call(manager, "createDescriptor", has("@id"), label)
    call(manager, "updateDescriptor", has("@id"), made.get("@id", "none"), label)
    call(manager, "importFieldGroupDefinition", lambda _: True, frame)
    call(manager, "createFieldGroupTemplate", lambda _: True, save=True, filename="template.csv")
    call(manager, "extendFieldGroup", lambda _: True, f"{XDM}/profile-person-details")
    fresh = fieldgroupmanager.FieldGroupManager(title="Fresh group", fg_class=["profile"])
    read = stored(schema.Schema().getFieldGroup, title="Fresh group", **{"meta:intendedToExtend": [f"{XDM}/profile"]})
    call(fresh, "createFieldGroup", read)
    typed = schema.Schema().createDataType(
        {"title": "Seat", "type": "object", "properties": {"row": {"type": "string"}}}
    )
    fresh.addField("_local.seat", "dataType", "Seat", ref=typed["$id"])
    call(fresh, "getDataTypeManager", lambda got: got.title == "Seat", typed["$id"])


def mapping_session(schema_id: str) -> str:
    """Call the methods of DataPrep; return a mapping set."""
    service = dataprep.DataPrep()
    rules = [{"sourceType": "ATTRIBUTE", "source": "Id", "destination": "_id"}]
    own = [{"sourceType": "ATTRIBUTE", "source": "p", "destination": "_other.points"}]
    call(service, "copyMappingRules", lambda got: got[0]["destination"] == "_local.points", own, "local")
    call(service, "cleanMappingRules", lambda got: got == rules, [{**rules[0], "id": "1"}])
    row = {"source": "Id", "destination": "_id"}
    set_id = call(
        service,
        "createMappingSet",
        stored(service.getMappingSet, version=0, xdmSchema=schema_id, mappings=[row]),
        schemaId=schema_id,
        mappingList=rules,
    )["id"]
    call(service, "getMappingSets", some)
    call(service, "getMappingSet", has("mappings"), set_id)
    changed = [{**rules[0], "source": "Key"}]
    read = stored(service.getMappingSet, version=1, mappings=[{"source": "Key", "destination": "_id"}])
    call(service, "updateMappingSet", read, set_id, changed)
    rows = call(service, "getMappingSetMappings", some, set_id)
    call(service, "getMappingSetMapping", has("id"), set_id, rows[0]["id"])
    call(service, "createMappingSetMapping", has("id"), set_id, rules[0])
    call(service, "updateMappingSetMapping", has("id"), set_id, rows[0]["id"], rules[0])
    call(service, "deleteMappingSetMapping", nothing, set_id, rows[0]["id"])
    call(service, "getMappingSuggestions", some)
    mapping_set = {"outputSchema": {"schemaRef": {"id": schema_id}}, "mappings": rules}
    call(service, "previewDataOutput", lambda got: got[0]["data"] == {"_id": "7"}, {"Id": 7}, mapping_set)
    call(service, "getMappingSetFunctions", some)
    call(service, "getMappingSetOperators", some)
    call(service, "validateExpression", lambda got: got["validationStatus"] == "succeeded", "lower(a)")
    call(service, "getXDMBatchConversions", lambda got: isinstance(got, (dict, list)))
    spare = service.createMappingSet(schemaId=schema_id, mappingList=rules)["id"]
    call(service, "deleteMappingSet", lambda _: spare not in ids_of(service.getMappingSets()), spare)
    return str(set_id)


def flow_session(url: str, schema_id: str, dataset_id: str, mapping_id: str) -> None:
    """Call the methods of FlowService and FlowManager."""
    service = flowservice.FlowService()
    flow_base = f"{url}/data/foundation/flowservice"
    call(service, "getResource", has("items"), f"{flow_base}/flows")
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
    spec = {"id": S3, "version": "1.0"}
    read = stored(
        service.getConnection, name="base", state="enabled", connectionSpec=spec, auth={"specName": "Access Key"}
    )
    base = call(service, "createConnection", read, name="base", auth=auth, connectionSpec=spec)
    shown = {"specName": "Streaming Connection", "params": {"sourceId": "stream-1", "name": "stream"}}
    stream = call(
        service,
        "createConnectionStreaming",
        stored(service.getConnection, name="stream", auth=shown),
        name="stream",
        sourceId="stream-1",
        paramName="stream",
    )
    call(service, "createConnectionToUPS", has("id"), name="profile")
    call(service, "createBaseConnectionS3Target", has("id"), "s3", "a", "b")
    call(service, "createBaseConnectionBlobTarget", has("id"), "blob", "text")
    call(service, "createBaseConnectionDLZTarget", stored(service.getConnection, name="dlz"), "dlz")
    call(service, "getConnections", some)
    call(service, "getConnection", has("id"), base["id"])
    call(service, "connectionTest", lambda got: got == {"result": True}, base["id"])
    call(
        service,
        "patchConnection",
        lambda _: service.getConnection(base["id"])["description"] == "Text",
        base["id"],
        [TEXT],
    )
    call(service, "getConnectionSpecs", some)
    call(service, "getConnectionSpecsMap", has("amazon-s3"))
    call(service, "getConnectionSpec", has("items"), S3)
    call(service, "getConnectionSpecIdFromName", lambda got: got == S3, "amazon-s3")
    call(service, "getFlowSpecs", some)
    call(service, "getFlowSpec", has("id"), CRM_TO_AEP)
    call(service, "getFlowSpecIdFromNames", lambda got: got == CRM_TO_AEP, "CRMToAEP")
    source = {"name": "source", "baseConnectionId": base["id"], "data": {"format": "json"}}
    source |= {"params": {"path": "/in"}, "connectionSpec": spec}
    source_id = call(service, "createSourceConnection", stored(service.getSourceConnection, **source), source)["id"]
    read = stored(service.getSourceConnection, name="stream", baseConnectionId=stream["id"], data={"format": "json"})
    call(service, "createSourceConnectionStreaming", read, stream["id"], "stream", "json")
    read = stored(service.getSourceConnection, name="zone", params={"path": "in/x.csv"})
    landing = call(service, "createSourceConnectionDataLandingZone", read, "zone", path="in/x.csv")
    call(service, "createSourceConnectionDataLake", has("id"), "lake", dataset_ids=[dataset_id])
    into = {"params": {"dataSetId": dataset_id}}
    read = stored(service.getTargetConnection, name="target", data={"schema": {"id": schema_id}}, **into)
    target = call(service, "createTargetConnectionDataLake", read, "target", dataset_id, schema_id)
    lake = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
    read = stored(service.getTargetConnection, name="spare", connectionSpec={"id": lake}, **into)
    spare_target = call(service, "createTargetConnection", read, "spare", lake, dataset_id)
    call(service, "createTargetConnectionDataLandingZone", has("id"), "zone", path="out")
    call(
        service,
        "createTargetConnectionDatasetToDataLandingZone",
        stored(service.getTargetConnection, name="zone"),
        "zone",
        base["id"],
        "out",
    )
    call(service, "getSourceConnections", some)
    found = call(service, "getSourceConnection", has("etag"), source_id)
    change = [TEXT]
    call(
        service,
        "updateSourceConnection",
        lambda _: service.getSourceConnection(source_id)["description"] == "Text",
        source_id,
        found["etag"],
        change,
    )
    call(service, "getTargetConnections", some)
    found = call(service, "getTargetConnection", has("etag"), target["id"])
    call(
        service,
        "updateTargetConnection",
        lambda _: service.getTargetConnection(target["id"])["description"] == "Text",
        target["id"],
        found["etag"],
        change,
    )
    mapping = {"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": 0}}
    flow_id = call(
        service,
        "createFlow",
        stored(
            service.getFlow,
            name="flow",
            state="enabled",
            flowSpec={"id": CLOUD_STORAGE},
            sourceConnectionIds=[source_id],
            targetConnectionIds=[target["id"]],
            transformations=[mapping],
        ),
        CLOUD_STORAGE,
        "flow",
        source_id,
        target["id"],
        "1767225600",
        transformation_mapping_id=mapping_id,
        transformation_name="Mapping",
        transformation_version=0,
    )["id"]
    call(
        service,
        "createFlowDataLandingZoneToDataLake",
        stored(service.getFlow, name="zone", sourceConnectionIds=[landing["id"]]),
        "zone",
        landing["id"],
        service.createTargetConnectionDataLake("two", dataset_id, schema_id)["id"],
        "1767225600",
    )
    call(
        service,
        "createFlowStreaming",
        lambda got: has("inheritedAttributes")(service.getFlow(got["flow"]["id"])),
        datasetId=dataset_id,
    )
    call(service, "createFlowDataLakeToDataLandingZone", has("id"), "out", source_id, target["id"], "1767225600")
    call(service, "exportDatasetToDLZ", has("id"), [dataset_id], scheduleStart="1767225600")
    call(service, "getFlows", some)
    flow = call(service, "getFlow", has("etag"), flow_id)
    call(
        service,
        "updateFlow",
        lambda _: service.getFlow(flow_id)["name"] == "renamed",
        flow_id,
        flow["etag"],
        [{"op": "Replace", "path": "/name", "value": "renamed"}],
    )
    call(service, "updatePolicy", has("etag"), flow_id, ["policy"])
    for name in ("getUPSFlows", "getUISFlows"):
        call(service, name, lambda got: got == [])
    for name in ("getUPSFlow", "getUISFlow"):
        call(service, name, lambda got: got == {"error": "not found"}, dataset_id)
    once = service.createFlow(CLOUD_STORAGE, obj=once_body(service, dataset_id, schema_id, mapping_id, base["id"]))
    manager_of_flow(service, once["id"], mapping_id)
    run = call(service, "createRun", lambda got: service.getRun(got["id"])[0]["flowId"] == once["id"], once["id"])
    call(service, "getRuns", some)
    call(service, "getRun", lambda got: [each["id"] for each in got] == [run["id"]], run["id"])
    call(service, "postFlowAction", lambda _: service.getFlow(flow_id)["state"] == "disabled", flow_id, "disable")
    zones(service)
    call(service, "getExportableDatasets", lambda got: isinstance(got, list) and got, S3)
    call(service, "getExportableDatasetsDLZ", lambda got: isinstance(got, list) and got)
    call(service, "deleteFlow", lambda _: flow_id not in ids_of(service.getFlows()), flow_id)
    call(
        service, "deleteSourceConnection", lambda _: source_id not in ids_of(service.getSourceConnections()), source_id
    )
    call(
        service,
        "deleteTargetConnection",
        lambda _: spare_target["id"] not in ids_of(service.getTargetConnections()),
        spare_target["id"],
    )
    spare = service.createConnection(name="spare", auth=auth, connectionSpec=spec)
    call(service, "deleteConnection", lambda _: spare["id"] not in ids_of(service.getConnections()), spare["id"])


def once_body(
    service: flowservice.FlowService, dataset_id: str, schema_id: str, mapping_id: str, base_id: str
) -> dict[str, Any]:
    """Return a flow that runs on demand."""
    source = {"name": "once", "baseConnectionId": base_id, "data": {"format": "json"}, "params": {"path": "/once"}}
    source_id = service.createSourceConnection(source | {"connectionSpec": {"id": S3, "version": "1.0"}})["id"]
    target_id = service.createTargetConnectionDataLake("once", dataset_id, schema_id)["id"]
    return {
        "name": "once",
        "flowSpec": {"id": CLOUD_STORAGE, "version": "1.0"},
        "sourceConnectionIds": [source_id],
        "targetConnectionIds": [target_id],
        "transformations": [{"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": 0}}],
        "scheduleParams": {"startTime": 1767225600, "frequency": "once"},
    }


def manager_of_flow(service: flowservice.FlowService, flow_id: str, mapping_id: str) -> None:
    """Call the methods of FlowManager."""
    manager = flowservice.FlowManager(flow_id)
    call(manager, "summary", lambda got: got is None or some(got))
    for name in (
        "getFlowSpec",
        "getSourceConnection",
        "getConnectionSpec",
        "getTargetConnection",
        "getTargetConnectionSpec",
    ):
        call(manager, name, some)
    service.createRun(flow_id)
    call(manager, "getRuns", some)
    call(flowservice.FlowManager(flow_id), "updateFlow", stored(service.getFlow, description="Text"), [TEXT])
    mapping = {"name": "Mapping", "params": {"mappingId": mapping_id}}
    read = stored(service.getFlow, transformations=[mapping])
    call(flowservice.FlowManager(flow_id), "updateFlowMapping", read, mapping_id)


def zones(service: flowservice.FlowService) -> None:
    """Call the methods of FlowService about the Data Landing Zone."""
    call(service, "getLandingZoneContainer", has("containerName"))
    call(service, "getLandingZoneCredential", has("SASUri"))
    for name in (
        "getLandingZoneContainerName",
        "getLandingZoneStorageName",
        "getLandingZoneSASUri",
        "getLandingZoneSASToken",
        "getLandingZoneStorageAccountName",
        "getLandingZoneNamespace",
    ):
        call(service, name, some)
    for name in ("getLandingZoneContainerTTL", "getLandingZoneStorageTTL"):
        call(service, name, lambda got: got > 0)
    call(service, "exploreLandingZone", lambda got: isinstance(got, list))
    call(service, "getLandingZoneContent", some, file="in/x.csv")


def sandbox_session() -> None:
    """Call the methods of Sandboxes; those of its packages are one API that is absent as a whole."""
    service = sandboxes.Sandboxes()
    call(service, "getSandboxes", lambda got: {"prod", "dev"} <= {each["name"] for each in got})
    call(service, "getSandboxTypes", some)
    call(service, "createSandbox", lambda _: service.getSandbox("extra")["title"] == "Extra", "extra", "Extra")
    call(service, "getSandbox", has("name"), "extra")
    call(service, "getSandboxId", some, "extra")
    call(service, "updateSandbox", lambda _: service.getSandbox("extra")["title"] == "More", "extra", {"title": "More"})
    call(service, "resetSandbox", has("name"), "extra")
    call(service, "deleteSandbox", lambda _: "extra" not in {each["name"] for each in service.getSandboxes()}, "extra")
    for name in ("getPackages", "getImportExportJobs"):
        call(service, name, lambda got: isinstance(got, list))
    package = sandboxes.PackageManager(name="Package")
    call(package, "setName", lambda _: package.name == "Other", "Other")
    call(package, "setDescription", lambda _: package.description == "Text", "Text")
    call(package, "setFullPackage", lambda _: package.packageType == "FULL")
    call(package, "setExpiry", lambda _: package.expiry.endswith("Z"), 30)
    call(package, "addArtifact", some, "id", "REGISTRY_SCHEMA", title="Schema")
    call(package, "deleteArtifact", lambda got: not got, "id", "REGISTRY_SCHEMA")


def identity_session(url: str) -> None:
    """Call the methods of Identity; the client has the host of this service in its text."""
    service = identity.Identity()
    service.endpoint = service.endpoint.replace("https://platform.adobe.io", url)
    call(service, "getIdentities", some)
    loyalty = {"name": "Loyalty", "code": "Loyalty", "idType": "CROSS_DEVICE", "custom": True}
    read = stored(lambda id_: service.getIdentityDetail(str(id_)), **loyalty)
    id_ = str(call(service, "createIdentity", read, "Loyalty", "Loyalty", "CROSS_DEVICE")["id"])
    call(service, "getIdentityDetail", lambda got: holds(got, loyalty), id_)
    call(
        service,
        "updateIdentity",
        lambda _: service.getIdentityDetail(id_)["name"] == "Points",
        id_,
        "Points",
        "Loyalty",
        "CROSS_DEVICE",
        "Text",
    )
    call(service, "getIdentitiesIMS", some)
    call(service, "createB2BIdentities", lambda got: all("id" in each for each in got))
    call(schema.Schema(), "createB2Bschemas", some)


def main(url: str) -> None:
    """Run all sessions and print what happened."""
    printed = sys.stdout
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        os.chdir(folder)
        connect(url)
        watch()
        registry, schema_id, group_id = registry_session(url)
        dataset_id = catalog_session(url, schema_id)
        manager_session(group_id, schema_id)
        observable_session(registry, schema_id)
        flow_session(url, schema_id, dataset_id, mapping_session(schema_id))
        sandbox_session()
        identity_session(url)
        os.chdir("/")
    json.dump({"methods": methods(), "outcomes": OUTCOMES}, printed)


if __name__ == "__main__":
    main(sys.argv[1])
