"""Attributes of each kind as manifests make them, what they refer to on a platform, and edits of them."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.engine.observe.reading import read_object, read_version
from flowctl.kinds.kind import Created, Kind
from flowctl.kinds.registry import KINDS
from flowctl.model.json_value import JSONObject
from flowctl.model.request import Reply, Request
from flowctl.model.resource import RemoteObject, Sensitive
from flowctl.model.values import transform

Edit = Callable[[dict[str, Any]], None]

PROFILE = "https://ns.adobe.com/xdm/context/profile"
EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
PERSON = f"{PROFILE}-person-details"
PERSONAL = f"{PROFILE}-personal-details"
WORK = f"{PROFILE}-work-details"
_CRM = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
_POSTGRESQL = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
_COUNTER = itertools.count()


def client_of(url: str) -> Client:
    return Client(
        ClientSettings(
            endpoint=url,
            organization="LOCAL@AdobeOrg",
            sandbox="dev",
            credentials=Credentials(
                token_url=f"{url}/ims/token/v3",
                client_id="local-client",
                client_secret=Sensitive("local-secret"),
                scopes=("openid",),
            ),
        )
    )


@dataclass
class World:
    """A platform, and objects on it that others refer to, each made when it is first needed."""

    send: Callable[[Request], Reply]
    _made: dict[str, str] = field(default_factory=dict)

    def make(self, kind: Kind, attributes: JSONObject) -> Created:
        return kind.written(self.send(kind.create(revealed(attributes))))

    def read(self, kind: Kind, created: Created) -> RemoteObject:
        if kind.versioned:
            live = read_version(kind, created.id, created.outputs["version"], self.send)
        else:
            live = read_object(kind, created.id, self.send)
        assert live is not None
        return live

    def id_of(self, kind: str) -> str:
        if kind not in self._made:
            self._made[kind] = self.make(KINDS[kind], self.attributes(kind)).id
        return self._made[kind]

    def attributes(self, kind: str) -> dict[str, Any]:
        """New attributes of a kind, under a name that nothing else has."""
        return _ATTRIBUTES[kind](self, f"{kind} {next(_COUNTER)}")


def _connection(_world: World, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "The shop's database",
        "auth": {
            "specName": "Connection String Based Authentication",
            "params": {"connectionString": Sensitive("Server=db;Password=x")},
        },
        "connectionSpec": _POSTGRESQL,
    }


def _schema(_world: World, name: str) -> dict[str, Any]:
    return {"title": name, "description": "People", "class": PROFILE, "fieldGroups": sorted([PERSON, PERSONAL])}


def _namespace(_world: World, name: str) -> dict[str, Any]:
    code = "".join(filter(str.isalnum, name))
    return {"name": name, "description": "People", "code": code, "idType": "Cross_device"}


def _fields(*extra: dict[str, Any]) -> list[dict[str, Any]]:
    own = [
        {"path": "_local.loyalty", "type": "object"},
        {"path": "_local.loyalty.id", "type": "string", "title": "ID", "pattern": "^L[0-9]+$"},
        {"path": "_local.loyalty.tier", "type": "string", "enum": ["gold", "silver"], "labels": {"gold": "Gold"}},
        {"path": "_local.orders", "type": "array"},
        {"path": "_local.orders[*]", "type": "object"},
        {"path": "_local.orders[*].address", "ref": "https://ns.adobe.com/xdm/common/address"},
        {"path": "_local.orders[*].day", "type": "date", "required": True},
        {"path": "_local.prices", "type": "map"},
        {"path": "_local.prices[*]", "type": "number"},
    ]
    return sorted([*own, *extra], key=lambda entry: str(entry["path"]))


def _field_group(_world: World, name: str) -> dict[str, Any]:
    return {"title": name, "description": "Members", "extends": [PROFILE], "fields": _fields()}


def _data_type(_world: World, name: str) -> dict[str, Any]:
    fields = [{**entry, "path": str(entry["path"]).removeprefix("_local.")} for entry in _fields()]
    return {"title": name, "description": "Members", "fields": fields}


def _class(_world: World, name: str) -> dict[str, Any]:
    return {"title": name, "description": "Members", "behavior": "record", "fields": _fields()}


def _descriptor(world: World, _name: str) -> dict[str, Any]:
    """Each lies in a schema of its own, because a field of a schema has one identity."""
    schema = world.make(KINDS["schema"], world.attributes("schema")).id
    return {
        "type": "identity",
        "sourceSchema": schema,
        "path": "personalEmail.address",
        "namespace": "Email",
        "primary": True,
    }


def _profile(world: World, name: str) -> dict[str, Any]:
    """A schema with a primary identity, without which nobody can enable it."""
    identity = _descriptor(world, name)
    world.make(KINDS["descriptor"], identity)
    return {"schema": identity["sourceSchema"]}


def _dataset(world: World, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "Customers",
        "tags": {"team": ["crm", "shop"], "a/b": ["one"]},
        "schemaRef": {"id": world.id_of("schema")},
    }


def _source_connection(world: World, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "All customers",
        "baseConnectionId": world.id_of("connection"),
        "data": {"format": "tabular"},
        "params": {"tableName": "public.customers", "columns": [{"name": "id", "type": "string"}]},
        "connectionSpec": _POSTGRESQL,
    }


def _target_connection(world: World, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "The customers' dataset",
        "data": {"schema": {"id": world.id_of("schema")}},
        "params": {"dataSetId": world.id_of("dataset")},
    }


def _mapping_set(world: World, _name: str) -> dict[str, Any]:
    return {
        "xdmSchema": world.id_of("schema"),
        "mappings": [
            {"source": "id", "destination": "_id"},
            {"source": "first_name", "destination": "person.name.firstName"},
        ],
    }


def _flow(world: World, name: str) -> dict[str, Any]:
    """A source and a target connection serve one flow, so each flow has its own."""
    pair = {
        kind: world.make(KINDS[kind], world.attributes(kind)).id for kind in ("source_connection", "target_connection")
    }
    params = {"mappingId": world.id_of("mapping_set"), "mappingVersion": "0"}
    return {
        "name": name,
        "description": "Every day",
        "flowSpec": _CRM,
        "sourceConnectionIds": [pair["source_connection"]],
        "targetConnectionIds": [pair["target_connection"]],
        "transformations": [
            {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at"}}},
            {"name": "Mapping", "params": params},
        ],
        "scheduleParams": {"startTime": 4102444800, "frequency": "day", "interval": 1, "backfill": True},
        "options": {"errorDiagnosticsEnabled": True, "partialIngestionPercent": 5},
    }


_ATTRIBUTES: dict[str, Callable[[World, str], dict[str, Any]]] = {
    "connection": _connection,
    "schema": _schema,
    "dataset": _dataset,
    "namespace": _namespace,
    "data_type": _data_type,
    "class": _class,
    "field_group": _field_group,
    "descriptor": _descriptor,
    "profile": _profile,
    "source_connection": _source_connection,
    "target_connection": _target_connection,
    "mapping_set": _mapping_set,
    "flow": _flow,
}


def _set(*path: str, to: Any) -> Edit:
    def edit(attributes: dict[str, Any]) -> None:
        for step in path[:-1]:
            attributes = attributes.setdefault(step, {})
        attributes[path[-1]] = to

    return edit


def _drop(*path: str) -> Edit:
    def edit(attributes: dict[str, Any]) -> None:
        for step in path[:-1]:
            attributes = attributes[step]
        del attributes[path[-1]]

    return edit


def _rename(member: str) -> Edit:
    def edit(attributes: dict[str, Any]) -> None:
        attributes[member] += " renamed"

    return edit


def _map(destination: str, **members: str) -> Edit:
    def edit(attributes: dict[str, Any]) -> None:
        kept = [mapping for mapping in attributes["mappings"] if mapping["destination"] != destination]
        attributes["mappings"] = [*kept, {**members, "destination": destination}] if members else kept

    return edit


def _field(path: str, **members: Any) -> Edit:
    """Change the members of a field, or remove it if none are given; a field that is not there is added."""

    def edit(attributes: dict[str, Any]) -> None:
        path_ = path.removeprefix("_local.") if "loyalty" in (e["path"] for e in attributes["fields"]) else path
        kept = [entry for entry in attributes["fields"] if entry["path"] != path_]
        was = next((entry for entry in attributes["fields"] if entry["path"] == path_), {"path": path_})
        made = {name: value for name, value in {**was, **members}.items() if value is not None}
        attributes["fields"] = sorted([*kept, made] if members else kept, key=lambda entry: str(entry["path"]))

    return edit


_FIELDS: dict[str, Edit] = {
    "renamed": _rename("title"),
    "described otherwise": _set("description", to="Something else"),
    "no longer described": _drop("description"),
    "a field more": _field("_local.loyalty.points", type="integer", minimum=0),
    "a field less": _field("_local.loyalty.id"),
    "another title": _field("_local.loyalty.id", title="Number"),
    "no title": _field("_local.loyalty.id", title=None),
    "no pattern": _field("_local.loyalty.id", pattern=None),
    "another type": _field("_local.orders[*].day", type="date-time"),
    "not required": _field("_local.orders[*].day", required=None),
    "deprecated": _field("_local.loyalty.id", deprecated=True),
    "a value more": _field("_local.loyalty.tier", enum=["bronze", "gold", "silver"]),
    "any value": _field("_local.loyalty.tier", enum=None, labels=None),
    "another label": _field("_local.loyalty.tier", labels={"gold": "GOLD"}),
    "a field below an array": _field("_local.orders[*].sku", type="string"),
    "other values of a map": _field("_local.prices[*]", type="string"),
}
_NAMED: dict[str, Edit] = {
    "renamed": _rename("name"),
    "described otherwise": _set("description", to="Something else"),
    "no longer described": _drop("description"),
}
EDITS: dict[str, dict[str, Edit]] = {
    "connection": {
        **_NAMED,
        "a new secret": _set("auth", "params", "connectionString", to=Sensitive("Server=db;Password=y")),
    },
    "schema": {
        "renamed": _rename("title"),
        "described otherwise": _set("description", to="Something else"),
        "no longer described": _drop("description"),
        "a field group more": _set("fieldGroups", to=sorted([PERSON, PERSONAL, WORK])),
        "a field group less": _set("fieldGroups", to=[PERSON]),
        "another field group": _set("fieldGroups", to=sorted([PERSON, WORK])),
        "no field groups": _set("fieldGroups", to=[]),
    },
    "dataset": {
        **_NAMED,
        "a tag more": _set("tags", "owner", to=["me"]),
        "a tag with a slash": _set("tags", "a/b", to=["two", "three"]),
        "a tag less": _drop("tags", "team"),
    },
    "namespace": _NAMED,
    "descriptor": {
        "not primary": _set("primary", to=False),
        "another namespace": _set("namespace", to="ECID"),
        "both": lambda attributes: attributes.update(primary=False, namespace="Phone"),
    },
    "profile": {},
    "data_type": _FIELDS,
    "class": _FIELDS,
    "field_group": {**_FIELDS, "another class": _set("extends", to=[EVENT])},
    "source_connection": _NAMED,
    "target_connection": _NAMED,
    "mapping_set": {
        "another source": _map("_id", source="key"),
        "a mapping more": _map("personalEmail.address", source="email"),
        "a mapping less": _map("person.name.firstName"),
        "a mapping calculated": _map("person.name.firstName", expression="upper(first_name)"),
        "all mappings in another order": lambda attributes: attributes["mappings"].reverse(),
    },
    "flow": {
        **_NAMED,
        "another frequency": _set("scheduleParams", "frequency", to="hour"),
        "another interval": _set("scheduleParams", "interval", to=3),
        "another start": _set("scheduleParams", "startTime", to=4102448400),
        "no backfill": _set("scheduleParams", "backfill", to=False),
        "other options": _set("options", "partialIngestionPercent", to=10),
        "an option less": _drop("options", "partialIngestionPercent"),
        "no options": _drop("options"),
        "no mapping": lambda attributes: attributes["transformations"].pop(),
    },
}


def revealed(attributes: JSONObject) -> JSONObject:
    """The attributes as they are sent, with secrets in clear."""
    clear: JSONObject = transform(attributes, lambda value: value.value)
    return clear


def edited(attributes: dict[str, Any], *edits: Edit) -> dict[str, Any]:
    wanted = deepcopy(attributes)
    for edit in edits:
        edit(wanted)
    return wanted
