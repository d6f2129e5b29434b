"""One run of the command line that sends every request there is: kinds made, changed, replaced, found, deleted."""

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from recorded_requests import Sent, recorded
from saved_drafts import save_drafts

from flowctl.cli.main import main

_WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [connections, schemas, datasets, pipelines]
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables:
      hubspotClientSecret: secret
      hubspotAccessToken: secret
      shopifyAccessToken: secret
      s3SecretKey: secret
      postgresConnectionString: Server=db;Password=secret
      restPassword: secret
"""

_LOOKUPS = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {{name: looked-up-{by}}}
source:
  connector: postgresql
  connection: {connection}
  params: {{tableName: public.other, columns: [{{name: id, type: string}}]}}
dataset: {dataset}
mappings:
  - {{source: id, destination: _id}}
schedule: {{startTime: 2026-12-01T00:00:00Z, frequency: week, interval: 1}}
"""

_OTHER_SPEC = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: other}
connectionSpec: {id: 00000000-0000-4000-8000-000000000000, version: "1.0"}
auth: {specName: Basic Authentication, params: {host: h}}
"""

_FOUNDATION = "/data/foundation"
_SCHEMA_LIST = {"Accept": "application/vnd.adobe.xed-id+json"}


@cache
def broad_run(url: str, folder: Path) -> tuple[Sent, ...]:
    """The requests of the whole run, against a served platform and in an empty folder."""
    run = _Run(url, folder)
    with recorded() as sent, httpx.Client(base_url=url, headers=_somebody_else()) as run.http:
        run.reset()
        for part in (
            run.model_a_company,
            run.make_everything,
            run.change_everything,
            run.replace_a_source,
            run.change_states,
            run.mend_drift,
            run.look_things_up,
            run.show_what_is_recorded,
            run.look_at_runs,
            run.take_over,
            run.remove_a_pipeline,
            run.find_too_many,
            run.lose_replies,
            run.destroy,
        ):
            part()
        run.reset()
    return tuple(sent)


def _somebody_else() -> dict[str, str]:
    return {
        "Authorization": "Bearer local-token",
        "x-api-key": "local-client",
        "x-gw-ims-org-id": "LOCAL@AdobeOrg",
        "x-sandbox-name": "dev",
    }


class _Run:
    http: httpx.Client

    def __init__(self, url: str, folder: Path) -> None:
        self._told = io.StringIO()
        self._url = url
        self._root = folder / "workspace"

    def reset(self) -> None:
        self.http.delete("/_emulator/faults").raise_for_status()
        self.http.post("/_emulator/reset").raise_for_status()

    def model_a_company(self) -> None:
        """Parts of schemas: made, changed in place, moved into Profile, and deleted as far as that is possible."""
        company, everything = self._root.with_name("company"), self._root
        shutil.copytree(Path(__file__).parents[2] / "examples/company", company)
        listed = "namespaces, data-types, classes, field-groups, schemas, datasets, connections, pipelines"
        text = _WORKSPACE.format(url=self._url).replace("[connections, schemas, datasets, pipelines]", f"[{listed}]")
        (company / "flowctl.yaml").write_text(text, encoding="utf-8")
        self._root = company
        for name in ("customer", "order"):
            self._edit(f"schemas/{name}.yaml", "profile: true\n", "")
        datasets = company / "datasets/all.yaml"
        tagged = datasets.read_text(encoding="utf-8")
        datasets.write_text(tagged.replace("profile: true\n", ""), encoding="utf-8")
        self._apply()
        self._edit("namespaces/ids.yaml", "title: CRM ID", "title: CRM number")
        self._edit("data-types/amount.yaml", "description: An amount of money", "description: Money")
        self._edit("classes/store.yaml", "description: A store of the company", "description: A store")
        self._edit("field-groups/loyalty.yaml", "title: Points", "title: All points")
        self._edit("schemas/customer.yaml", "title: First name", "title: Given name")
        self._apply()
        assert self._flowctl("drift") == 0, self._told.getvalue()
        assert self._flowctl("show", "loyalty.field_group") == 0
        assert self._flowctl("show", "amount.data_type") == 0
        assert self._flowctl("destroy", "--auto-approve") == 0, self._told.getvalue()
        self._root = everything

    def make_everything(self) -> None:
        examples = Path(__file__).parents[2] / "examples"
        shutil.copytree(examples, self._root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
        (self._root / "flowctl.yaml").write_text(_WORKSPACE.format(url=self._url), encoding="utf-8")
        self._copy(
            "schemas/customer.yaml", "schemas/spare.yaml", ("name: customer", "name: spare"), ("Customer", "Spare")
        )
        self._apply()

    def change_everything(self) -> None:
        self._edit("flowctl.yaml", "restPassword: secret", "restPassword: other")
        self._edit("connections/shopify.yaml", "title: Shopify base", "description: The shop\ntitle: Shopify base")
        self._edit("connections/landing-bucket.yaml", "description: The bucket that partners deliver files to\n", "")
        self._edit("schemas/crm-contact.yaml", "title: CRM contact", "title: Contact of the CRM")
        self._edit("schemas/spare.yaml", "profile-personal-details", "profile-work-details")
        self._edit("datasets/customers.yaml", "Customers from the shop", "All customers, from the shop")
        shopify = "pipelines/shopify-orders.yaml"
        self._edit(shopify, "title: Shopify source connection", "title: Source of Shopify")
        self._edit(shopify, "title: Shopify target connection", "title: Target of Shopify")
        self._edit(shopify, "{source: Email, destination", "{source: Contact_Email, destination")
        files = "pipelines/partner-files.yaml"
        self._edit(files, "expression: lower(email)", "expression: lower(trim(email))")
        self._edit(files, "partialIngestionPercent: 5", "partialIngestionPercent: 10")
        self._edit(files, "frequency: day", "frequency: week")
        self._edit(files, "title: Partner files", "title: Files of partners")
        self._edit(files, "  description: Customers that partners deliver as files\n", "")
        self._apply()

    def replace_a_source(self) -> None:
        self._edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
        self._edit("pipelines/support-tickets.yaml", "resourcePath: /tickets", "resourcePath: /requests")
        self._apply()

    def change_states(self) -> None:
        """A flow is disabled and enabled again, another is made as a draft and published."""
        files = (self._root / "pipelines/partner-files.yaml").read_text(encoding="utf-8")
        draft = files.replace("name: partner-files", "name: draft").replace("Files of partners", "Draft")
        draft = draft.replace("partners/*.csv", "drafts/*.csv")
        path = self._root / "pipelines/draft.yaml"
        for first, second in (("disabled", "draft"), ("enabled", "enabled")):
            (self._root / "pipelines/partner-files.yaml").write_text(f"{files}state: {first}\n", encoding="utf-8")
            path.write_text(f"{draft}state: {second}\n", encoding="utf-8")
            self._flowctl("apply", "--auto-approve", "--allow-duplicates")
        path.unlink()
        self._apply()

    def mend_drift(self) -> None:
        flow = self._one("flows", "Shop customers")
        self.http.patch(
            f"{_FOUNDATION}/flowservice/flows/{flow['id']}",
            headers={"If-Match": flow["etag"]},
            json=[{"op": "replace", "path": "/scheduleParams/interval", "value": 6}],
        ).raise_for_status()
        flow = self._one("flows", "Support tickets")
        self.http.delete(f"{_FOUNDATION}/flowservice/flows/{flow['id']}").raise_for_status()
        assert self._flowctl("drift") == 3, self._told.getvalue()
        self._apply()

    def look_things_up(self) -> None:
        connection = self._one("connections", "Shop database")["id"]
        schema = self._schema_id("Customer")
        datasets = self.http.get(f"{_FOUNDATION}/catalog/dataSets").raise_for_status().json()
        dataset = next(key for key, body in datasets.items() if body["name"] == "Customers")
        by_title = _LOOKUPS.format(
            by="title", connection="{title: Shop database}", dataset="{title: Looked up, schema: {title: Customer}}"
        )
        by_id = _LOOKUPS.format(
            by="id", connection=f"{{id: {connection}}}", dataset=f"{{title: By id, schema: {{id: '{schema}'}}}}"
        )
        existing = _LOOKUPS.format(by="dataset", connection="shop-database", dataset=f"{{id: {dataset}}}")
        (self._root / "pipelines/looked-up.yaml").write_text(f"{by_title}---\n{by_id}---\n{existing}", encoding="utf-8")
        self._apply()
        self._flowctl("specs", "pull")

    def show_what_is_recorded(self) -> None:
        self._flowctl("show", "partner-files.mapping_set")
        self._flowctl("show", "partner-files.flow")
        self._flowctl("plan", "--target", "partner-files")

    def look_at_runs(self) -> None:
        """Start a run, look at all, read rejected rows, and repeat what failed."""
        self._flowctl("runs", "start", "hubspot-contacts")
        self._flowctl("runs", "start", "shopify-orders", "--from", "1d", "--delta-column", "updated_at")
        lockfile = json.loads((self._root / "flowctl.dev.lock").read_text(encoding="utf-8"))
        self.http.post("/_emulator/settings", json={"runOutcome": "failed"}).raise_for_status()
        flow = lockfile["entries"]["partner-files.flow"]["id"]
        run = self.http.post("/_emulator/runs", json={"flowId": flow}).raise_for_status().json()["id"]
        self._flowctl("runs", "errors", run, "--sample", "1")
        self._flowctl("status")
        self._flowctl("runs", "list", "hubspot-contacts")
        self._flowctl("runs", "retry", run)

    def take_over(self) -> None:
        """Import everything into an empty folder, as somebody does who has none of these manifests; publish a draft."""
        save_drafts(lambda path, body: self.http.post(path, json=body).raise_for_status().json())
        empty = self._root.with_name("taken-over")
        empty.mkdir()
        settings = (self._root / "flowctl.yaml").read_text(encoding="utf-8")
        lines = [line for line in settings.splitlines(keepends=True) if not line.startswith("manifests:")]
        (empty / "flowctl.yaml").write_text("".join(lines), encoding="utf-8")
        with redirect_stdout(self._told), redirect_stderr(self._told):
            assert main(["-C", str(empty), "import", "--allow-skipped"]) == 0, self._told.getvalue()
            assert main(["-C", str(empty), "apply", "--auto-approve"]) == 0, self._told.getvalue()
            draft = empty / "pipelines/draft.yaml"
            text = draft.read_text(encoding="utf-8")
            draft.write_text(text.replace("state: draft", "state: enabled"), encoding="utf-8")
            assert main(["-C", str(empty), "apply", "--auto-approve"]) == 0, self._told.getvalue()

    def remove_a_pipeline(self) -> None:
        (self._root / "pipelines/support-tickets.yaml").unlink()
        self._apply()

    def find_too_many(self) -> None:
        """A look-up by a title that more objects have than one page holds, and a connection spec unknown to flowctl."""
        body = {"name": "many", "connectionSpec": {"id": "4f63aa36-bd48-4e33-bb83-49fbcd11c708", "version": "1.0"}}
        auth = {"specName": "Basic Authentication", "params": {"host": "h", "accessToken": "t"}}
        for _ in range(101):
            self.http.post(f"{_FOUNDATION}/flowservice/connections", json={**body, "auth": auth}).raise_for_status()
        many = _LOOKUPS.format(by="many", connection="{title: many}", dataset="customers")
        self._refused(many)
        self._refused(_OTHER_SPEC)

    def lose_replies(self) -> None:
        """Every kind of creation whose reply is lost, so that flowctl looks for what it may have made."""
        for collection in ("flowservice/connections", "flowservice/sourceConnections", "flowservice/targetConnections"):
            self._drop_reply(collection)
        self._drop_reply("flowservice/flows")
        self._drop_reply("catalog/dataSets")
        self._drop_reply("conversion/mappingSets")
        self._drop_reply("schemaregistry/tenant/schemas")
        self._copy("schemas/customer.yaml", "schemas/lost.yaml", ("name: customer", "name: lost"), ("Customer", "Lost"))
        self._copy(
            "connections/shopify.yaml", "connections/lost.yaml", ("name: shopify", "name: lost"), ("Shopify", "Lost")
        )
        lost = _LOOKUPS.format(by="lost", connection="shop-database", dataset="{title: Lost, schema: lost}")
        (self._root / "pipelines/lost.yaml").write_text(lost, encoding="utf-8")
        for _ in range(5):
            if self._flowctl("apply", "--auto-approve") == 0:
                break
        self.http.delete("/_emulator/faults").raise_for_status()

    def destroy(self) -> None:
        self._flowctl("destroy", "--auto-approve")

    def _flowctl(self, *arguments: str) -> int:
        self._told = io.StringIO()
        with redirect_stdout(self._told), redirect_stderr(self._told):
            return main(["-C", str(self._root), *arguments])

    def _apply(self) -> None:
        assert self._flowctl("apply", "--auto-approve") == 0, self._told.getvalue()

    def _refused(self, manifest: str) -> None:
        path = self._root / "pipelines/refused.yaml"
        path.write_text(manifest, encoding="utf-8")
        assert self._flowctl("plan") == 1, self._told.getvalue()
        path.unlink()

    def _edit(self, name: str, old: str, new: str) -> None:
        path = self._root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def _copy(self, name: str, other: str, *replaced: tuple[str, str]) -> None:
        text = (self._root / name).read_text(encoding="utf-8")
        for old, new in replaced:
            assert old in text, f"{old!r} is not in {name}"
            text = text.replace(old, new)
        (self._root / other).write_text(text, encoding="utf-8")

    def _drop_reply(self, collection: str) -> None:
        match = {"method": "POST", "path": f"{_FOUNDATION}/{collection}"}
        fault = {"match": match, "nth": 1, "times": 1, "effect": {"drop": "after"}}
        self.http.post("/_emulator/faults", json=fault).raise_for_status()

    def _one(self, collection: str, name: str) -> dict[str, Any]:
        reply = self.http.get(f"{_FOUNDATION}/flowservice/{collection}", params={"limit": 1000})
        (found,) = [item for item in reply.raise_for_status().json()["items"] if item["name"] == name]
        return dict(found)

    def _schema_id(self, title: str) -> str:
        reply = self.http.get(f"{_FOUNDATION}/schemaregistry/tenant/schemas", headers=_SCHEMA_LIST)
        (found,) = [each["$id"] for each in reply.raise_for_status().json()["results"] if each["title"] == title]
        return str(found)
