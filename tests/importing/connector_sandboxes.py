"""Sandboxes with flows of every connector, made from seeds in the forms that the UI, Postman, curl and aepp send."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from surroundings import Platform

SERVICE = "/data/foundation/flowservice"
MAPPING_SETS = "/data/foundation/conversion/mappingSets"
FULL = "application/vnd.adobe.xed-full+json;version=1"
LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
ZONE = {"id": "10440537-2a7b-4583-ac39-ed38d4b848e8", "version": "1.0"}
EXPORT = {"id": "cd2fc47e-e838-4f38-a581-8fff2f99b63a", "version": "1.0"}
CLIENTS = ("exc_app", "postman-agency", "curl-tutorial", "aepp-notebook")
FIELDS = ("_id", "person.name.firstName", "person.name.lastName", "personalEmail.address")
SHARED = "is also that of the dataflow"


@dataclass
class Others:
    """A sandbox in the making; `reasons` has why a flow may be skipped, by ID."""

    platform: Platform
    random: Random
    secrets: list[str] = field(default_factory=list)
    flows: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def send(self, path: str, body: Any, method: str = "POST") -> Any:
        """What the platform answers a client; None if it refuses."""
        headers = {"x-api-key": self.random.choice(CLIENTS)}
        reply = self.platform.request(method, path, json=body, headers=headers)
        if not reply.is_success:
            self.refused.append(f"{method} {path} {reply.text[:300]} {json.dumps(body)[:500]}")
            return None
        return reply.json()

    def secret(self) -> str:
        self.secrets.append(f"B-hush-{self.random.randrange(10**9)}-{len(self.secrets)}")
        return self.secrets[-1]

    def words(self, name: str) -> dict[str, Any]:
        """A name and a description as clients send them: none, null, empty, or of several lines."""
        said = self.random.choice([{}, {}, {"description": None}, {"description": ""}, {"description": "a\n\n- b\n"}])
        return {"name": name, **said}

    def value(self, name: str, schema: dict[str, Any]) -> Any:
        kind = schema.get("type", "string")
        kinds = [kind] if isinstance(kind, str) else kind
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        if "boolean" in kinds:
            return self.random.choice([True, False, *(["true"] if "string" in kinds else [])])
        if "integer" in kinds or "number" in kinds:
            return self.random.choice([22, *(["0022", "22"] if "string" in kinds else [])])
        if "array" in kinds:
            return [name]
        if "object" in kinds:
            return {"type": "OFFSET", "limit": 100}
        if schema.get("format") == "password":
            return self.secret()
        return f"https://{name}.example.invalid/in?x=1" if "rl" in name else f"{name} {self.random.randrange(99)}"

    def params(self, schema: dict[str, Any], share: float) -> dict[str, Any]:
        needed, known = schema.get("required", ()), schema.get("properties", {})
        chosen = [name for name in known if name in needed or self.random.random() < share]
        self.random.shuffle(chosen)
        return {name: self.value(name, known[name]) for name in chosen}

    def account(self, spec: dict[str, Any], auth: dict[str, Any]) -> str | None:
        params = self.params(auth["spec"], 0.6)
        provider = self.random.choice([{}, {"providerId": spec["providerId"]}])
        body = {
            **self.words(self.random.choice([f"{spec['name']} account", "Account", f"{spec['name']} / β 🪣"])),
            "auth": {"specName": auth["name"], "params": params},
            "connectionSpec": {"id": spec["id"], "version": "1.0"},
            **provider,
        }
        made = self.send(f"{SERVICE}/connections", body)
        return made and str(made["id"])

    def source(self, spec: dict[str, Any], account: str | None) -> str | None:
        schema = (spec.get("sourceSpec") or {}).get("spec") or {}
        params = self.params(schema, 0.4)
        choose, known = self.random.choice, schema.get("properties", {})
        files, tables = "recursive" in known, "path" in known and "tableName" in known
        for name in ("path", "tableName"):
            if name in params:
                params[name] = choose(["/in/a b.csv", "in/2026/", "/in/*.csv"]) if "type" in params else f"t.{name}"
        if tables:
            params.pop("tableName", params.pop("path", None))
            params[choose(["tableName", "path"])] = choose(["public.x", "dbo.[Order Details]", "Hubspot.Größe"])
        if "timezoneValue" in params:
            params["timezoneValue"] = "UTC"
        if "columns" in params:
            params["columns"] = choose([[], None, [{"name": "id", "type": "string", "xdm": {"type": "string"}}]])
        if "filters" in params:
            name = {"nodeType": "fieldLookup", "fieldName": "City"}
            is_x = {"nodeType": "fnApply", "fnName": "=", "params": [name, {"nodeType": "literal", "value": "x"}]}
            params["filters"] = {"type": "PQL", "format": "pql/json", "value": is_x}
        formats: list[dict[str, Any]] = [{"format": "json"}, {"format": "JSON"}]
        if files:
            formats += [{"format": "delimited", "properties": {"columnDelimiter": "|", "compressionType": "gzip"}}]
            formats += [{"format": "parquet"}, {"format": "delimited", "schema": None}]
        data = {"format": "tabular"} if tables else choose(formats)
        body = {**self.words(f"src {spec['name']}"), "connectionSpec": {"id": spec["id"], "version": "1.0"}}
        body |= choose([{"data": data, "params": params}, {"params": params, "data": data}])
        if not params:
            body.pop("params")
        if spec["name"] == "http-api":
            body |= choose([{}, {"data": {"format": "delimited"}}])
        made = self.send(f"{SERVICE}/sourceConnections", {**body, **({"baseConnectionId": account} if account else {})})
        return made and str(made["id"])

    def target(self, schema: str, dataset: str) -> str | None:
        version = self.random.choice([FULL, f"{FULL}.0", "application/vnd.adobe.xed-full-notext+json; version=1"])
        choose = self.random.choice
        data: dict[str, Any] = {"schema": {"id": schema, "version": version}}
        data |= choose([{}, {"format": "parquet_xdm"}])
        bare = choose([{"format": "parquet_xdm"}, *[data] * 7])
        body = {**self.words("target"), "data": bare, "connectionSpec": LAKE}
        made = self.send(f"{SERVICE}/targetConnections", {**body, "params": {"dataSetId": dataset}})
        return made and str(made["id"])

    def mapping(self, schema: str) -> dict[str, Any] | None:
        choose = self.random.choice
        number = choose([1, 2, 4])
        plain = {"identity": False, "identityGroup": None, "namespaceCode": None, "version": 0}
        old = [{"destinationXdmPath": path, "sourceAttribute": "a.b", **plain} for path in FIELDS[:number]]
        rows = [
            *({"sourceType": kind, "source": "Größe"} for kind in ("ATTRIBUTE", "text/x.schema-path")),
            *({"sourceType": kind, "source": "lower(trim(x))"} for kind in ("EXPRESSION", "text/x.aep-xl")),
            *({"sourceType": kind, "source": "erp: import"} for kind in ("STATIC", "text/plain")),
        ]
        new = [{**choose(rows), "destination": path} for path in FIELDS[:number]]
        target = {"outputSchema": {"schemaRef": {"id": schema, "contentType": FULL}}}
        extra = choose([{}, {"name": "m → p"}, {"inputSchema": {"id": "5b1d0e2f", "version": "0"}}])
        first = {"version": 0, "xdmSchema": schema, "xdmVersion": "1.0", "id": None, "mappings": old}
        made = self.send(MAPPING_SETS, choose([first, {**target, "mappings": new, **extra}]))
        if made is None:
            return None
        versions = [made["version"]]
        for again in range(choose([0, 0, 2])):
            rows = [{"sourceType": "ATTRIBUTE", "source": f"v{again}", "destination": "_id"}]
            versions.append(self.send(f"{MAPPING_SETS}/{made['id']}", {**target, "mappings": rows}, "PUT")["version"])
        pin = choose(versions)
        said = [pin, str(pin), *([None] if pin == versions[-1] == 0 else [])]
        version = choose(said)
        return {"mappingId": made["id"], **({} if version is None else {"mappingVersion": version})}

    def schedule(self) -> dict[str, Any]:
        choose = self.random.choice
        frequency, interval = choose([("once", 0), ("minute", 15), ("minute", 1440), ("hour", 6), ("day", 1)])
        start = choose([1767225600, 1591043454, 4102444800])
        found: dict[str, Any] = {"startTime": choose([start, str(start)]), "frequency": frequency}
        if frequency == "once":
            return found | choose([{}, {"interval": "15"}])
        found["interval"] = choose([interval, str(interval), f"00{interval}"])
        return found | choose(
            [{}, {"backfill": "true"}, {"backfill": False}, {"backfill": "False"}, {"backfill": True}]
        )

    def body(self, name: str, spec: dict[str, Any], source: str, target: str, pin: dict[str, Any]) -> dict[str, Any]:
        """A flow of a flow spec."""
        choose = self.random.choice
        known = [each["name"] for each in spec.get("transformationSpec", ())]
        steps: list[dict[str, Any]] = [{"name": "Mapping", "params": pin}] if "Mapping" in known else []
        if "Copy" in known:
            column = choose(
                ["u", {"name": "u"}, {"name": "u", "timezone": "UTC"}, {"name": "u", "dateFormat": "YYYY-MM-DD"}]
            )
            steps += choose([[], [{"name": "Copy", "params": {"deltaColumn": column}}]])
        self.random.shuffle(steps)
        percent = choose([0.5, 5, 100])
        options = {"partialIngestionPercent": percent, "errorDiagnosticsEnabled": choose([True, False])}
        body = {**self.words(name), "flowSpec": {"id": spec["id"], "version": "1.0"}}
        body |= {"sourceConnectionIds": [source], "targetConnectionIds": [target]}
        body |= {"transformations": steps} if steps else choose([{}, {"transformations": []}])
        if "scheduleSpec" in spec:
            body |= {"scheduleParams": self.schedule()}
        else:
            body |= choose([{}, {"scheduleParams": None}])
        if "optionSpec" in spec:
            body |= choose([{}, {"options": options}, {"options": {}}, {"options": None}])
        return body

    def flow(self, body: dict[str, Any], *, draft: bool = False) -> str | None:
        made = self.send(f"{SERVICE}/flows{'?mode=draft' if draft else ''}", body)
        if made is None:
            return None
        self.flows[made["id"]] = str(body["name"])
        return str(made["id"])


def _listed(platform: Platform, collection: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = platform.request("GET", f"{SERVICE}/{collection}?limit=100").json()["items"]
    return found


def make(platform: Platform, seed: int, flows: int) -> Others:
    """A sandbox of some flows of other connectors for each seed, with shared parts, drafts and what nothing uses."""
    clients = [{"id": each, "secret": "not-used"} for each in CLIENTS]
    platform.http.post(
        "/_emulator/organizations", json={"id": "LOCAL@AdobeOrg", "tenant": "local", "clients": clients}
    ).raise_for_status()
    made = Others(platform, Random(seed))
    specs = {spec["id"]: spec for spec in _listed(platform, "connectionSpecs")}
    pairs = [
        (specs[one], flow_spec)
        for flow_spec in _listed(platform, "flowSpecs")
        for one in flow_spec["sourceConnectionSpecIds"]
        if one in specs
    ]
    made.random.shuffle(pairs)
    schemas = [_schema(made, title) for title in ("plain", "Plain", "B member / 🥾")]
    datasets = [(schema, _dataset(made, schema, name)) for schema in schemas for name in ("Sheet1", "Sheet1", "d/1")]
    last: dict[str, Any] | None = None
    for number in range(flows):
        spec, flow_spec = pairs[number % len(pairs)]
        account = None
        if spec.get("authSpec"):
            account = made.account(spec, made.random.choice(spec["authSpec"]))
        schema, dataset = made.random.choice(datasets)
        source, target, pin = made.source(spec, account), made.target(schema, dataset), made.mapping(schema)
        if (account is None and spec.get("authSpec")) or source is None or target is None or pin is None:
            continue
        name = made.random.choice([f"{spec['name']} feed", "Orders EU", "orders-eu", "{{ flow name }}", "# 1: x", "🥾"])
        body = made.body(name, flow_spec, source, target, pin)
        shares = last is not None and number % 9 == 8 and "scheduleSpec" in flow_spec
        if last is not None and shares:
            body["targetConnectionIds"] = last["targetConnectionIds"]
            body["transformations"] = []
        made_flow = made.flow(body)
        if made_flow is None:
            continue
        if shares:
            made.reasons[made_flow] = SHARED
        elif number % 7 == 3:
            made.send(f"{SERVICE}/flows/{made_flow}/action?op=disable", {})
        last = last if shares else body
    _unfinished(made, schemas[0], datasets[0][1])
    return made


def _unfinished(made: Others, schema: str, dataset: str) -> None:
    """What no manifest describes, or nothing uses: drafts, halves of a flow, and a flow to a destination."""
    bucket = {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"}
    files = {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"}
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "AKIA", "s3SecretKey": made.secret()}}
    account = made.send(f"{SERVICE}/connections", {"name": "bucket", "auth": auth, "connectionSpec": bucket})["id"]
    for schedule in (None, made.schedule()):
        source = {"name": "s", "baseConnectionId": account, "data": {"format": "json"}, "params": {"path": "/a.json"}}
        ends = made.send(f"{SERVICE}/sourceConnections", {**source, "connectionSpec": bucket})["id"]
        body = {"name": "Draft", "flowSpec": files, "sourceConnectionIds": [ends]}
        body |= {"targetConnectionIds": [made.target(schema, dataset)]}
        body |= {"transformations": [{"name": "Mapping", "params": made.mapping(schema)}]}
        flow = made.flow(body | ({"scheduleParams": schedule} if schedule else {}), draft=True)
        if schedule is None and flow is not None:
            made.reasons[flow] = "a manifest cannot say it"
    made.target(schema, dataset)
    lake = made.send(f"{SERVICE}/sourceConnections", {"name": "half of an export", "connectionSpec": LAKE})["id"]
    out = made.send(f"{SERVICE}/targetConnections", {"name": "out", "connectionSpec": ZONE})
    assert out, made.refused[-1]
    body = {"name": "Export", "flowSpec": EXPORT, "sourceConnectionIds": [lake], "targetConnectionIds": [out["id"]]}
    assert made.send(f"{SERVICE}/flows", body), made.refused[-1]


def _schema(made: Others, title: str) -> str:
    fields = ("profile", "profile-person-details", "profile-personal-details")
    parts = [{"$ref": f"https://ns.adobe.com/xdm/context/{each}"} for each in fields]
    found = made.send(
        "/data/foundation/schemaregistry/tenant/schemas", {"type": "object", "title": title, "allOf": parts}
    )
    return str(found["$id"])


def _dataset(made: Others, schema: str, name: str) -> str:
    content = made.random.choice([FULL, "application/vnd.adobe.xed+json;version=1"])
    extra = made.random.choice([{}, {"tags": {"team": ["unknown"]}}, {"enableErrorDiagnostics": True}])
    body = {**made.words(name), **extra, "schemaRef": {"id": schema, "contentType": content}}
    return str(made.send("/data/foundation/catalog/dataSets", body)[0].rpartition("/")[2])
