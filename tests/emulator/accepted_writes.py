"""Writes that the emulator accepts although the official description rules them out, each with the evidence for it.

Keys are patterns over `METHOD PATH place rule`. An entry that no longer occurs fails its test.
"""

ACCEPTED: dict[str, str] = {
    "* /data/foundation/conversion/*Date type": (
        "The file says date-time text; published replies have epoch milliseconds, and clients send back what they read."
    ),
    "POST /data/foundation/conversion/mappingSets/preview $.data*": (
        "The file describes the members of a Java class, JsonNode; Adobe docs, mapping-set.md, send any members."
    ),
    "* /data/foundation/schemaregistry/tenant/*.$ref  type*": (
        "The file misspells the name: a blank follows `$ref`. A member of that name means nothing."
    ),
    "* /data/foundation/schemaregistry/tenant/*$.description required": (
        "The file requires it of schemas and classes only; Adobe docs and Adobe's Python client leave it out."
    ),
    "* /data/foundation/schemaregistry/tenant/schemas* $.type required": (
        "The file requires it; Adobe's Python client (createProfileSchema) leaves it out."
    ),
    "* /data/foundation/catalog/* $.description type by null": "Adobe's Python client sends it.",
    "POST /data/foundation/flowservice/* type by null": (
        "Replies have null for what an object does not have (`data.schema`), and scripts that copy objects send it."
    ),
    "* /data/foundation/conversion/*.id type by null": (
        "Adobe docs, sources/tutorials/api/collect/marketing-automation.md, send `id` null."
    ),
    "POST /data/foundation/flowservice/sourceConnections $.data required": (
        "Only of a draft: Adobe docs, sources/tutorials/api/draft.md, save a part of a dataflow before it is complete."
    ),
}

ACCEPTED_HEADERS: dict[str, str] = {
    "* /data/foundation/sandbox-management/sandboxes* header x-sandbox-name required": (
        "The file requires it; the requests of Adobe docs, sandboxes/api/sandboxes.md, have no such header."
    ),
    "* /data/foundation/schemaregistry/tenant/* header accept required": (
        "The file requires it of writes, too; Adobe docs send it with reads only."
    ),
}
