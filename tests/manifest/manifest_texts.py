# ruff: noqa: E501 - the contract is quoted as it stands
"""Texts that the tests of manifests begin with: the contract's example, credentials, a workspace; and what is found
in mappings that replace the contract's."""

from collections.abc import Callable

from flowctl.manifest.document import Manifests

CONTRACT = """\
apiVersion: flowctl/v1
kind: Connection                  # a base connection ("account")
metadata: {name: hubspot}
connector: hubspot                # a name from the built-in catalogue, or connectionSpec: {id: ..., version: "1.0"}
auth:
  specName: Basic Authentication
  params: {clientId: "${env:HUBSPOT_CLIENT_ID}", clientSecret: "${env:HUBSPOT_CLIENT_SECRET}"}
---
apiVersion: flowctl/v1
kind: Schema                      # an XDM schema
metadata: {name: crm-contact}
title: CRM contact
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details, https://ns.adobe.com/xdm/context/profile-personal-details]
---
apiVersion: flowctl/v1
kind: Dataset                     # only where several pipelines share one
metadata: {name: contacts}
title: Contacts
schema: crm-contact
---
apiVersion: flowctl/v1
kind: Pipeline
metadata:
  name: hubspot-contacts          # [a-z0-9][a-z0-9-]*, unique in the workspace
  title: HubSpot contacts         # the flow's name on the platform; default: name
  description: Contacts from HubSpot
  labels: {team: crm}             # for selectors; never sent
source:
  connector: hubspot              # may be left out where `connection` is a Connection document
  connection: hubspot             # a Connection document; or {id: ...} or {title: ...} of one that already exists
  data: {format: tabular}         # default: what the connector reads
  params: {path: Hubspot.Contacts}
dataset:                          # a Dataset document's name; or {id: ...}; or inline:
  title: HubSpot contacts
  schema: crm-contact             # a Schema document's name; or {id: ...} or {title: ...} of one that already exists
mappings:
  - {source: Vid, destination: _id}
  - {source: Properties_Firstname_Value, destination: person.name.firstName}
  - {expression: 'lower(Email)', destination: personalEmail.address}
  # optional per mapping: identity, identityGroup, namespaceCode
incremental: {column: updatedAt, dateFormat: "yyyy-MM-dd HH:mm:ss", timezone: UTC}   # the Copy transformation's deltaColumn
schedule:
  startTime: 2026-12-01T00:00:00Z  # RFC 3339, or epoch seconds as an integer
  frequency: day                   # once | minute | hour | day | week
  interval: 1                      # not with once
  backfill: true                   # not with once
options: {errorDiagnosticsEnabled: true, partialIngestionPercent: 5}
# flowSpec: CRMToAEP            # only where a connector is served by several; default: the one that lists its connection spec
# lifecycle: {onDelete: ...}    # see below
"""
CREDENTIALS = {"HUBSPOT_CLIENT_ID": "an id", "HUBSPOT_CLIENT_SECRET": "hunter2hunter2"}
WORKSPACE = "apiVersion: flowctl/v1\nkind: Workspace\n"


def found(loaded: Callable[..., Manifests], contract: str, rows: str, mark: str = "§") -> list[tuple[str, bool]]:
    """The codes of problems, each with whether it stands at the mark, which is not part of the text."""
    start = contract.index("mappings:\n") + len("mappings:\n")
    end = contract.index("  # optional per mapping")
    text = contract[:start] + rows + contract[end:]
    place = text.find(mark)
    line = text[:place].count("\n") + 1
    column = place - text.rfind("\n", 0, place)
    manifests = loaded({"a.yaml": text.replace(mark, "")})
    return [
        (each.code, each.span is not None and (each.span.line, each.span.column) == (line, column))
        for each in manifests.diagnostics
    ]
