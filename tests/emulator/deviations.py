"""Where the emulator's answers differ from the official OpenAPI files, each with the evidence for it.

Keys are patterns over `service METHOD path status: place rule`. An entry that no longer occurs fails its test.
"""

KNOWN: dict[str, str] = {
    "flow-service * 404: status": (
        "The files name no 404. Adobe docs print its body: sources labels page, FLOW-1439-404."
    ),
    "flow-service * 412: status": (
        "The files name no 412. Adobe docs, flow-service-errors.md: 1404-412 for a stale If-Match."
    ),
    "flow-service * 400: status": (
        "The files name hardly any 400. Adobe docs, flow-service-errors.md and sources-errors.md list the codes."
    ),
    "flow-service GET */configs 200: . type": (
        "The file reuses the array of explore. The prose describes {items, pageInfo}, with limit and start."
    ),
    "flow-service * 200: items/*/transformations/*/params/mappingVersion type": (
        "The file says string; the tutorials POST an integer, and the service echoes what was posted."
    ),
    "data-prep * 404: status": "The file names no 404 for an unknown id, and no other status fits.",
    "data-prep * 200: *Date type": "The file says date-time text; every published sample shows epoch milliseconds.",
    "data-prep * 200: *sourceType enum": (
        "Adobe docs, mapping-set.md: ATTRIBUTE is sent and text/x.schema-path is read back."
    ),
    "data-prep * 200: outputSchema/jsonSchema/*imum type": (
        "The file types minimum and maximum as objects; the guide's sample has numbers."
    ),
    "data-prep * 200: outputSchema/jsonSchema/*/enum/? type": (
        "The file types the items of enum as objects; the guide's sample has strings."
    ),
    "data-prep GET /mappingSets/{MAPPING_SET_ID}/mappings 200: . type": (
        "The file types the list as one object; the published sample is an array."
    ),
    "data-prep POST /languages/el/validate 200: . type": (
        'The file says a boolean; the newer guide shows {"validationStatus", "error"}.'
    ),
    "data-prep POST /mappingSets/preview 200: . type": (
        "The file says one object; Adobe docs, mapping-set.md, show an array with one entry for each record."
    ),
    "data-prep POST /mappingSets/validate 200: validationResponse/*/errors type": (
        "The file's own example has null where its schema wants an array."
    ),
    "schema-registry * 404: status": "The file names the 404 only for schemas; the code list has one for each type.",
    "schema-registry GET /{CONTAINER_ID}/mixins/{MIXIN_ID} 400: status": (
        "The file leaves the 400 out for the old name of field groups only."
    ),
    "schema-registry * 200: _page/next type": "Adobe docs show null on the last page and the bare value for start.",
    "schema-registry * 200: _links/next type": "Adobe docs show null on the last page.",
    "schema-registry GET /stats 200: classUsage type": "The published sample is an object, the file says array.",
    "schema-registry * 20?: *xdm:sourceVersion type": (
        "Adobe docs send and show the integer 1, the file says string; the service echoes what was posted."
    ),
    "schema-registry DELETE /tenant/descriptors/{DESCRIPTOR_ID} 400: status": (
        "The file names no 400. A schema enabled for Profile keeps its primary identity (XDM-1528-400)."
    ),
    "schema-registry GET /rpc/auditlog/{RESOURCE_ID} 200: */updates/*/value type": (
        "The file says string; its own example and the guide's show the object that was added."
    ),
    "batch-ingestion POST /batches 201: status enum": (
        "The file leaves `loading` out. Adobe docs, batch-ingestion/api-overview.md, show it in this reply."
    ),
    "identity-service * 200: */idType enum": (
        "The file spells the types in two ways; the service echoes what was posted. Samples of the guide have COOKIE."
    ),
}
