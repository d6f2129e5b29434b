"""Sandboxes as people leave them, each made from a seed: odd titles, shared parts, both mapping dialects, secrets."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from surroundings import Platform

SERVICE = "/data/foundation/flowservice"
MAPPING_SETS = "/data/foundation/conversion/mappingSets"
CONTENT = "application/vnd.adobe.xed-full+json;version=1"
LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
DATABASE, BUCKET, SFTP, CRM = (
    "74a1c565-4e59-48d7-9d67-7c03b8a13137",
    "ecadc60c-7455-4d87-84dc-2a0e293d997b",
    "b7bf2577-4520-42c9-bae9-cad01560f7bc",
    "cc6a4487-9e91-433e-a3a3-9cf6626c1806",
)
TABLES, FILES = "14518937-270c-4525-bdec-c2ba7cce3860", "9753525b-82c7-4dce-8a9b-5ccfce2b9876"
TITLES = (
    *("🎿🎿", "/", "..", "../../etc/passwd", "con", "a/b/c", "x" * 300, "é" * 300, "Orders", "orders", "ORDERS!", "-"),
    *(
        "yes",
        "null",
        "~",
        "1.0",
        "0x1F",
        "# no: comment",
        "${env:HOME}",
        "$${a}",
        "{{x}}",
        "'",
        '"',
        "a: b",
        "- a",
        "* s",
    ),
    *("!!tag", "%TAG", "@at", "line\nbreak", "tab\tin", "\u2028sep", "\u0085nel", "\ufeffbom", "trailing ", "[flow]"),
    *("? q", "|", "\x7f del", "中文", "Straße", "İstanbul", "ﬁ", "orders-2", "pipeline", "---", "Orders\n---\nkind: X"),
)
DESCRIPTIONS = (
    *("", "one", "two\nlines\n", "  lead", "trail  ", "\n\nx", "# c", "${env:SECRET}", "x\r\ny", "\ttab", "e" * 2000),
    *("---\n...\n", "|\n  keep"),
)
COLUMNS: tuple[dict[str, Any], ...] = (
    {},
    {"columns": []},
    {"columns": None},
    {"columns": [{"type": "string", "name": "b", "xdm": {"type": "string"}}, {"name": "a", "type": "integer"}]},
)
DESTINATIONS = ("_id", "person.name.firstName", "person.name.lastName", "personalEmail.address")


@dataclass
class Made:
    """A sandbox in the making. `secrets` are those of its accounts and sources."""

    platform: Platform
    random: Random
    secrets: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    _number: int = 0

    def post(self, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        reply = self.platform.request(method, path, json=body)
        assert reply.is_success, reply.text
        return reply.json()

    def secret(self) -> str:
        self._number += 1
        self.secrets.append(f"hush-{self.random.randrange(10**9)}-{self._number}")
        return self.secrets[-1]

    def either(self, value: int) -> Any:
        """A number, or its text."""
        return self.random.choice([value, str(value)])

    def named(self, *names: str) -> dict[str, Any]:
        said = self.random.choice([{}, {"description": self.random.choice(DESCRIPTIONS)}])
        return {"name": self.random.choice(names or TITLES), **said}

    def account(self) -> tuple[str, str]:
        secret = self.secret
        spec, name, params = self.random.choice(
            [
                (DATABASE, "Connection String Based Authentication", {"connectionString": f"Server=d;Pwd={secret()}"}),
                (BUCKET, "Access Key", {"s3SecretKey": secret(), "s3AccessKey": "AKIA", "folderPath": None}),
                (SFTP, "Basic Authentication for sftp", {"port": self.either(22), "host": "h", "password": secret()}),
                (CRM, "Basic Authentication", {"clientSecret": secret(), "accessToken": secret(), "clientId": "c"}),
                (
                    DATABASE,
                    "Connection String Based Authentication",
                    {"nested": {"list": [{"token": secret()}]}, "connectionString": secret(), "apiKey": secret()},
                ),
            ]
        )
        auth = {"specName": name, "params": {**params, **({"userName": "u"} if spec == SFTP else {})}}
        body = {**self.named(), "auth": auth, "connectionSpec": {"id": spec, "version": "1.0"}}
        return self.post(f"{SERVICE}/connections", body)["id"], spec

    def schema(self) -> str:
        fields = ("profile", "profile-person-details", "profile-personal-details", "identitymap")
        parts = [{"$ref": f"https://ns.adobe.com/xdm/context/{each}"} for each in fields]
        body = {"type": "object", "title": self.random.choice(TITLES), "allOf": parts}
        found: str = self.post("/data/foundation/schemaregistry/tenant/schemas", body)["$id"]
        return found

    def dataset(self, schema: str) -> str:
        tags = self.random.choice([{}, {"tags": {"x y": ["a: b"], "mine": ["a", "b"]}}])
        body = {**self.named(), **tags, "schemaRef": {"id": schema, "contentType": CONTENT}}
        found: str = self.post("/data/foundation/catalog/dataSets", body)[0].rpartition("/")[2]
        return found

    def source(self, account: str, spec: str, odd: bool) -> str:
        choose = self.random.choice
        if spec in (BUCKET, SFTP):
            data: dict[str, Any] = choose([{"format": "json"}, {"format": "delimited", "properties": None}])
            params = {"type": choose(["file", "folder"]), "path": choose(["/in/a b.csv", "in/*"]), "recursive": "true"}
        else:
            data = {"format": "tabular"}
            params = {"path": "C"} if spec == CRM else {**choose(COLUMNS), "tableName": "public.x"}
        if odd:
            params |= choose([{"proxy": [{"password": self.secret()}]}, {"headers": {"Authorization": self.secret()}}])
        elif choose([False] * 4 + [True]):
            params |= {"apiKey": self.secret(), "refresh_token": self.secret()}
        body = {**self.named("source", *TITLES), "baseConnectionId": account, "data": data, "params": params}
        made = self.post(f"{SERVICE}/sourceConnections", {**body, "connectionSpec": {"id": spec, "version": "1.0"}})
        return str(made["id"])

    def target(self, schema: str, dataset: str) -> str:
        version = self.random.choice([CONTENT, f"{CONTENT}.0", "application/vnd.adobe.xed-full-notext+json; version=1"])
        data = {"schema": {"version": version, "id": schema}, **self.random.choice([{}, {"format": "parquet_xdm"}])}
        body = {**self.named(), "data": data, "params": {"dataSetId": dataset}, "connectionSpec": LAKE}
        return str(self.post(f"{SERVICE}/targetConnections", body)["id"])

    def mapping_set(self, schema: str, rows: int | None) -> tuple[str, int]:
        choose = self.random.choice
        destinations = [f"identityMap.k{each}" for each in range(rows)] if rows else [*DESTINATIONS]
        self.random.shuffle(destinations)
        old = [
            {"sourceAttribute": choose(["a.b", "Größe", "x[*].y"]), "destinationXdmPath": each, "identityGroup": None}
            for each in destinations
        ]
        new = [
            choose(
                [
                    {"sourceType": "ATTRIBUTE", "source": "a", "destination": each},
                    {"sourceType": "EXPRESSION", "source": "concat(a,'  # no ', b)", "destination": each},
                    {"sourceType": "STATIC", "source": choose(["x", "1", "true"]), "destination": each},
                ]
            )
            for each in destinations
        ]
        target = {"outputSchema": {"schemaRef": {"id": schema, "contentType": CONTENT}}}
        first = {"xdmSchema": schema, "xdmVersion": "1.0", "mappings": old} if choose([True, False]) else None
        made = self.post(MAPPING_SETS, first or {**target, "mappings": new, "name": choose(TITLES)})
        pins = [made["version"]]
        for _ in range(choose([0, 0, 1, 3])):
            self._number += 1
            rest = [{"sourceType": "ATTRIBUTE", "source": f"v{self._number}", "destination": "_id"}]
            pins.append(self.post(f"{MAPPING_SETS}/{made['id']}", {**target, "mappings": rest}, "PUT")["version"])
        return made["id"], choose(pins)

    def flow(self, source: str, target: str, mapping: tuple[str, int], spec: str) -> None:
        choose, reads_tables = self.random.choice, spec in (DATABASE, CRM)
        frequency, interval = choose([("once", 0), ("minute", 15), ("hour", 6), ("day", 1), ("week", 1)])
        schedule = {"startTime": self.either(1796083200), "frequency": frequency}
        if frequency != "once":
            backfill = choose([{}, {"backfill": "true"}, {"backfill": False}])
            schedule = {**backfill, "interval": self.either(interval), **schedule}
        column = choose([{"name": "u"}, {"timezone": "UTC", "name": "u", "dateFormat": "yyyy"}])
        steps: list[dict[str, Any]] = [{"name": "Copy", "params": {"deltaColumn": column}}] if reads_tables else []
        pin = {"mappingVersion": self.either(mapping[1]), "mappingId": mapping[0]}
        steps.append({"name": "Mapping", "params": pin})
        self.random.shuffle(steps)
        options = choose([{}, {"options": {"partialIngestionPercent": 5, "errorDiagnosticsEnabled": True}}])
        body = {
            **self.named(),
            "flowSpec": {"id": TABLES if reads_tables else FILES, "version": "1.0"},
            "sourceConnectionIds": [source],
            "targetConnectionIds": [target],
            "transformations": steps,
            "scheduleParams": schedule,
            **options,
        }
        self.flows.append(self.post(f"{SERVICE}/flows", body)["id"])
        if choose([False] * 5 + [True]):
            self.post(f"{SERVICE}/flows/{self.flows[-1]}/action?op=disable", {})


def make(platform: Platform, seed: int, flows: int = 20) -> Made:
    """A sandbox of some flows. The second one shares the mapping set of the first, the third its target connection."""
    made = Made(platform, Random(seed))
    accounts, schemas = [made.account() for _ in range(5)], [made.schema() for _ in range(3)]
    shared = [(schema, made.dataset(schema)) for schema in schemas]
    first: tuple[str, tuple[str, int], str, str] | None = None
    for number in range(flows):
        schema, dataset = made.random.choice(shared)
        if made.random.random() < 0.5:
            dataset = made.dataset(schema)
        if first is not None and number < 3:
            schema, dataset = first[2:]
        account, spec = made.random.choice(accounts)
        source = made.source(account, spec, odd=number in (3, 4))
        target = first[0] if first is not None and number == 2 else made.target(schema, dataset)
        mapping = (
            first[1] if first is not None and number == 1 else made.mapping_set(schema, 400 if number == 5 else None)
        )
        first = first or (target, mapping, schema, dataset)
        made.flow(source, target, mapping, spec)
    return made
