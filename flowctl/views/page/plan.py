"""The whole page of a plan: the answer, problems, drift, a filter, and a part for each pipeline."""

import base64
import hashlib
import shlex
from collections.abc import Iterator, Sequence

from flowctl.kinds.lineage import by_pipeline, lineage_of_plan
from flowctl.model.attribute_path import Path
from flowctl.model.change import Action, Effect
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.model.moves import by_document
from flowctl.model.plan import Plan
from flowctl.views.lineage.words import STATES
from flowctl.views.markup import escaped, sentence
from flowctl.views.page.script import PAGE_SCRIPT
from flowctl.views.page.section import section_html
from flowctl.views.page.style import PAGE_STYLE
from flowctl.views.page.table import table
from flowctl.views.plan_text import summary_text
from flowctl.views.reasons import Reasons
from flowctl.views.review.approval import applying_command
from flowctl.views.review.sections import Section, sections
from flowctl.views.review.verdict import clipped, problems, verdict
from flowctl.views.values import place_value, shown


def plan_page(plan: Plan) -> str:
    """The page of a plan; equal plans have equal pages."""
    title = f"flowctl plan: {clipped(plan.environment, 80)} (sandbox {clipped(plan.sandbox, 80)})"
    return page(title, _body(plan, title))


def page(title: str, body: Iterator[str]) -> str:
    """A page that loads nothing, and runs no script but its own."""
    policy = f"default-src 'none'; style-src '{_hash(PAGE_STYLE)}'; script-src '{_hash(PAGE_SCRIPT)}'"
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}; base-uri 'none'; form-action 'none'\">",
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escaped(title)}</title>",
        f"<style>{PAGE_STYLE}</style></head>",
        "<body>",
        *body,
        f"<script>{PAGE_SCRIPT}</script>",
        "</body></html>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _body(plan: Plan, title: str) -> Iterator[str]:
    parts = sections(plan)
    yield f"<header><h1>{escaped(title)}</h1>"
    yield from _answer(plan, parts)
    yield from _narrowing(plan)
    yield "</header><main>"
    yield from _problems(problems(plan))
    yield from _drift(plan)
    yield from _ignored(plan)
    if parts:
        yield "<h2>Pipelines</h2>"
        yield from _filter(parts)
    pictures, reasons = by_pipeline(lineage_of_plan(plan)), Reasons(plan)
    for part in parts:
        picture = pictures.get(part.pipeline) if part.pipeline is not None else None
        yield from section_html(part, plan, picture, reasons)
    yield "</main>"
    yield from _approval(plan)


def _answer(plan: Plan, parts: Sequence[Section]) -> Iterator[str]:
    yield f'<div class="answer {_weight(plan)}">'
    yield f'<p class="sum">{escaped(summary_text(plan))}</p>'
    yield from (f"<p>{said}</p>" for said in verdict(plan, parts, lambda name: f"<code>{escaped(name)}</code>"))
    yield "</div>"


def _narrowing(plan: Plan) -> Iterator[str]:
    """What is planned at all, and what was renamed: only the lockfile knows names."""
    if plan.selection:
        yield f"<p>Selected: <code>{escaped(str(plan.selection))}</code>. The rest of the workspace is not planned.</p>"
    if plan.moved:
        yield "<p>Renamed; only the lockfile changes, nothing is sent:</p>"
        rows = [
            f"<li><code>{escaped(old)}</code> → <code>{escaped(new)}</code></li>"
            for old, new, _ in by_document(plan.moved)
        ]
        yield f"<ul>{''.join(rows)}</ul>"


def _weight(plan: Plan) -> str:
    """How carefully the plan has to be read."""
    is_wrong = any(problem.severity is Severity.ERROR for problem in plan.diagnostics)
    is_lasting = any(
        change.action in (Action.DELETE, Action.REPLACE) or Effect.INGESTS_HISTORY in change.effects
        for change in plan.changes
    )
    return "danger" if is_wrong or is_lasting else "fine" if plan.is_empty else "change"


def _problems(found: Sequence[Diagnostic]) -> Iterator[str]:
    if not found:
        return
    yield "<h2>Problems</h2><ul>"
    for problem in found:
        place = f"<code>{escaped(f'{problem.span.file}:{problem.span.line}')}</code> " if problem.span else ""
        summary = problem.summary if problem.summary.endswith(".") else f"{problem.summary}."
        words = " ".join(sentence(text) for text in (summary, problem.detail, problem.hint) if text)
        severity = f'<span class="{problem.severity}">{problem.severity}</span>'
        yield f"<li>{severity} {place}{words} <code>{escaped(problem.code)}</code></li>"
    yield "</ul>"


def _drift(plan: Plan) -> Iterator[str]:
    rows: list[Sequence[str]] = []
    for drift in plan.drift:
        if drift.missing:
            rows.append((drift.address, "not found (deleted, or hidden by access labels)", "", ""))
        for place in drift.attributes:
            sides = (place_value(place.steps, shown(value)) for value in (place.recorded, place.observed))
            rows.append((drift.address, clipped(place.path, 200), *sides))
    if rows:
        yield "<h2>Changed outside flowctl since the last apply</h2>"
        yield from table("", ("object", "value", "recorded", "live"), rows)


def _ignored(plan: Plan) -> Iterator[str]:
    rows = [
        (each.address, clipped(each.path, 200), *(_side(each.steps, value) for value in (each.observed, each.desired)))
        for each in plan.ignored
    ]
    if rows:
        yield "<h2>Ignored by <code>lifecycle.ignoreChanges</code></h2>"
        yield from table("", ("object", "value", "live", "manifest"), rows)


def _side(path: Path, value: JSON) -> str:
    return "(none)" if value is None else place_value(path, shown(value))


def _filter(parts: Sequence[Section]) -> Iterator[str]:
    """Hidden until the script runs: without it there is nothing to filter with."""
    actions = [action for action in Action if any(part.does(action) for part in parts)]
    yield "<form hidden>"
    yield '<input type="search" aria-label="Show only what has these words" placeholder="Filter (press /)">'
    for action in actions:
        yield f'<label class="{action}"><input type="checkbox" value="{action}" checked> {STATES[action]}</label>'
    yield '<output class="dim" aria-live="polite"></output></form>'


def _approval(plan: Plan) -> Iterator[str]:
    if not plan.digest or plan.is_empty:
        return
    yield f"<footer><h2>Approval</h2><p>Digest: <code>{escaped(plan.digest)}</code></p>"
    command = applying_command(plan)
    if command:
        yield f"<p>Apply exactly this plan:</p><p><code>{escaped(shlex.join(command))}</code></p>"
    yield "</footer>"
