"""The page at `/`: sandboxes, flows with source, mapping, dataset and last run, runs, and the newest requests.

Plain HTML and CSS made here, nothing from elsewhere; only shown on a loopback address.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flowctl.emulator.directory import LOCAL_CLIENT, LOCAL_SECRET, LOCAL_TOKEN
from flowctl.emulator.overview_runs import runs
from flowctl.emulator.page_parts import escape, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.emulator.directory import Sandbox
    from flowctl.emulator.message import Incoming
    from flowctl.emulator.platform import Platform

MOST_FLOWS = 200
MOST_REQUESTS = 50
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1f; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; }
th { border-bottom: 2px solid #888; } td { border-bottom: 1px solid #ddd; vertical-align: top; }
code, pre { font-size: .9em; } td p { margin: .2rem 0; } details { overflow-wrap: anywhere; min-width: 20rem; }
time { white-space: nowrap; }
pre { margin: .3rem 0; max-height: 20rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
 nav a { margin-right: 1rem; } .current { font-weight: bold; }
.failed, .error { color: #a40000; } .muted { color: #666; }
@media (prefers-color-scheme: dark) { body { background: #1b1b1f; color: #e6e6ea; } a { color: #9cc3ff; }
  td { border-color: #3a3a40; } .failed, .error { color: #ff9c9c; } .muted { color: #aaa; } }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
PAGE_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""The page runs no script, loads nothing, and is shown in no frame."""


def overview(incoming: Incoming, platform: Platform) -> str:
    """Return the page for the sandbox that the query names, or for the first development sandbox."""
    sandboxes = platform.directory.all_sandboxes()
    wanted = (incoming.query.get("organization"), incoming.query.get("sandbox"))
    shown = next((item for item in sandboxes if (item.org, item.name) == wanted), None)
    shown = shown or next((item for item in sandboxes if item.name == "dev"), sandboxes[0])
    parts = [
        "<h1>flowctl: the emulator</h1>",
        f"<p>API key <code>{LOCAL_CLIENT}</code>, secret <code>{LOCAL_SECRET}</code>, "
        f"on this machine also the token <code>{LOCAL_TOKEN}</code>.</p>",
        _navigation(sandboxes, shown),
        "<h2>Flows</h2>",
        _flows(platform, shown),
        "<h2>Runs</h2>",
        runs(platform, shown),
        "<h2>Newest requests</h2>",
        _requests(platform),
    ]
    head = f'<meta charset="utf-8"><title>flowctl: the emulator</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _navigation(sandboxes: Sequence[Sandbox], shown: Sandbox) -> str:
    links = []
    for item in sandboxes:
        query = urlencode({"organization": item.org, "sandbox": item.name})
        current = ' class="current" aria-current="page"' if item == shown else ""
        links.append(f'<a href="/?{escape(query)}"{current}>{escape(item.org)} / {escape(item.name)}</a>')
    return f"<nav>{''.join(links)}</nav>"


def _flows(platform: Platform, sandbox: Sandbox) -> str:
    stored = platform.objects.select(sandbox.scope, "flow", order="seq DESC", limit=MOST_FLOWS)
    rows = [_flow_row(platform, sandbox, item.value()) for item in stored]
    total = platform.objects.count(sandbox.scope, "flow")
    if total == 0:
        return '<p class="muted">This sandbox holds no flow.</p>'
    note = f'<p class="muted">The newest {MOST_FLOWS} of {total}.</p>' if total > MOST_FLOWS else ""
    return note + table(("Flow", "State", "Source", "Mapping set", "Dataset", "Schedule", "Last run"), rows)


def _flow_row(platform: Platform, sandbox: Sandbox, flow: dict[str, Any]) -> list[str]:
    def name(kind: str, id_: str) -> str:
        found = platform.objects.get(sandbox.scope, kind, id_)
        return escape(found.name or id_) if found else f'<span class="error">{escape(id_)} is gone</span>'

    target = platform.objects.get(sandbox.scope, "targetConnection", flow["targetConnectionIds"][0])
    params = target.value().get("params", {}) if target else {}
    entries = flow.get("transformations") or []
    mapping = next((entry["params"] for entry in entries if entry["name"] == "Mapping"), None)
    run = flow.get("lastRunDetails")
    schedule = flow.get("scheduleParams") or {}
    return [
        f'{escape(str(flow["name"]))}<br><code class="muted">{escape(flow["id"])}</code>',
        escape(flow["state"]),
        name("sourceConnection", flow["sourceConnectionIds"][0]),
        f"<code>{escape(mapping['mappingId'])}</code> version {escape(str(mapping.get('mappingVersion', 0)))}"
        if mapping
        else "",
        name("dataSet", str(params.get("dataSetId") or params.get("datasetId"))),
        escape(" ".join(str(schedule[key]) for key in ("frequency", "interval") if key in schedule)),
        f'<span class="{escape(run["state"])}">{escape(run["state"])}</span>' if run else "none",
    ]


def _requests(platform: Platform) -> str:
    rows = []
    for entry in platform.requests.newest(MOST_REQUESTS):
        query = f"?{entry['query']}" if entry["query"] else ""
        status = entry["status"] if entry["status"] is not None else "dropped"
        mark = ' class="error"' if status == "dropped" or int(status) >= 400 else ""
        path = escape(entry["path"] + query)
        rows.append([f"<span{mark}>{status}</span>", escape(entry["method"]), f"<code>{path}</code>"])
    return table(("Status", "Method", "Path"), rows) if rows else '<p class="muted">None yet.</p>'
