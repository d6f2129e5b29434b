"""A plan as Markdown for a pull request comment: the answer first, then one folded block for each pipeline."""

import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.model.attribute_path import Path
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.model.moves import by_document
from flowctl.model.plan import Drift, IgnoredAttribute, Plan
from flowctl.validation.wording import counted
from flowctl.views.markdown_block import LIMIT, plan_marker
from flowctl.views.markdown_section import Block, section_block
from flowctl.views.markdown_text import code, html_code, sentence
from flowctl.views.plan_text import summary_text
from flowctl.views.reasons import Reasons
from flowctl.views.review.approval import applying_command
from flowctl.views.review.sections import sections
from flowctl.views.review.verdict import clipped, problems, verdict
from flowctl.views.values import manifest_key, place_value, shown

_LONGEST: Final = 600
"""Characters of a diagnostic's sentences; the manifest's line has the rest."""
_SHARE: Final = 4
"""The part of a comment that each list in it may fill: diagnostics, and drift."""


def plan_markdown(plan: Plan, limit: int = LIMIT) -> str:
    """The plan as one comment. What does not fit is shortened by pipeline, and the text says so below its first line.

    Equal plans have equal texts.
    """
    parts, reasons = sections(plan), Reasons(plan)
    blocks = [section_block(part, plan, reasons) for part in parts]
    head, tail = _head(plan, limit), _tail(plan)
    answer = " ".join([f"**{_sum(plan)}**", *verdict(plan, parts, code)])
    marker = f"{plan_marker(plan.environment, plan.digest)}\n" if plan.digest else ""
    begin = f"{marker}{answer}\n"
    # Every notice is at least as short as the one with all of them in both places.
    notice = _notice(plan, len(blocks), len(blocks), len(blocks))
    texts = [block.whole for block in blocks]
    room = limit - len(begin) - len(head) - len(tail)
    if sum(map(len, texts)) > room:
        texts, short = _shortened(blocks, room - len(notice))
        head = _notice(plan, short, len(blocks) - len(texts), len(blocks)) + head
    return f"{begin}{head}{''.join(texts)}{tail}"


def _sum(plan: Plan) -> str:
    counts = summary_text(plan).removeprefix("Plan: ")
    return sentence(f"flowctl plan: {clipped(plan.environment, 80)} (sandbox {clipped(plan.sandbox, 80)}): {counts}")


def _head(plan: Plan, limit: int) -> str:
    """Broken rules and other problems, and what was changed outside flowctl: apart from what the manifests ask for."""
    found = [f"- **{problem.severity}** {_words(problem)}\n" for problem in problems(plan)]
    listed = _listed(found, limit // _SHARE, "problem")
    drift = _listed([line for one in plan.drift for line in _drift(one)], limit // _SHARE, "value")
    text = "".join(_narrowing(plan)) + (f"\n{listed}" if listed else "")
    if drift:
        title = f"Changed outside flowctl since the last apply: {_objects(len(plan.drift))}"
        text += f"\n<details><summary>{title}</summary>\n\n{drift}\n</details>\n"
    return f"{text}{_ignored(plan, limit // _SHARE)}\n"


def _ignored(plan: Plan, room: int) -> str:
    """What the manifests leave as it is."""
    lines = _listed([_ignored_line(each) for each in plan.ignored], room, "value")
    title = f"Ignored by <code>lifecycle.ignoreChanges</code>: {counted(len(plan.ignored), 'value')}"
    return f"\n<details><summary>{title}</summary>\n\n{lines}\n</details>\n" if lines else ""


def _ignored_line(ignored: IgnoredAttribute) -> str:
    place = f"{code(clipped(ignored.address, 200))} {html_code(clipped(ignored.path, 200))}"
    live, desired = (
        "(none)" if value is None else _value(ignored.steps, value) for value in (ignored.observed, ignored.desired)
    )
    return f"- {place}: live {live}, manifest {desired}\n"


def _narrowing(plan: Plan) -> Iterator[str]:
    """What is planned at all, and what was renamed: only the lockfile knows names."""
    if plan.selection:
        yield f"\nSelected: {code(str(plan.selection))}. The rest of the workspace is not planned.\n"
    if plan.moved:
        yield "\nRenamed; only the lockfile changes, nothing is sent:\n\n"
    for old, new, count in by_document(plan.moved):
        yield f"- {code(old)} → {code(new)} ({counted(count, 'resource')})\n"


def _objects(number: int) -> str:
    return f"{number} object{'s' * (number > 1)}"


def _listed(lines: Sequence[str], room: int, noun: str) -> str:
    """The lines that fit, and how many are left out."""
    kept: list[str] = []
    for line in lines:
        room -= len(line)
        if room < 0:
            more = len(lines) - len(kept)
            return "".join(kept) + f"- and {more} more {noun}{'s' * (more > 1)}\n"
        kept.append(line)
    return "".join(kept)


def _words(problem: Diagnostic) -> str:
    """Place, summary, detail and hint as sentences after each other."""
    place = f"{code(f'{clipped(problem.span.file, 200)}:{problem.span.line}')} " if problem.span else ""
    summary = problem.summary if problem.summary.endswith(".") else f"{problem.summary}."
    texts = [clipped(text, _LONGEST) for text in (summary, problem.detail, problem.hint) if text]
    return f"{place}{' '.join(map(sentence, texts))} ({code(problem.code)})"


def _drift(drift: Drift) -> Iterator[str]:
    address = code(clipped(drift.address, 200))
    if drift.missing:
        yield f"- {address}: not found (deleted, or hidden by access labels)\n"
    for place in drift.attributes:
        values = f"{_value(place.steps, place.recorded)} → {_value(place.steps, place.observed)}"
        yield f"- {address} {html_code(clipped(place.path, 200))}{manifest_key(place.steps)}: {values}\n"


def _value(path: Path, value: JSON) -> str:
    return html_code(place_value(path, shown(value)))


def _tail(plan: Plan) -> str:
    """The digest, and the command that applies this plan and no other."""
    if not plan.digest or plan.is_empty:
        return ""
    digest = f"\nDigest: {code(plan.digest)}."
    command = applying_command(plan)
    return f"{digest} Apply exactly this plan with {code(shlex.join(command))}.\n" if command else f"{digest}\n"


def _shortened(blocks: Sequence[Block], room: int) -> tuple[list[str], int]:
    """The blocks that fit, and how many of them are short: the last ones are shortened first, then left out."""
    used, kept = 0, len(blocks)
    for number, block in enumerate(blocks):
        if used + len(block.short) > room:
            kept = number
            break
        used += len(block.short)
    texts, whole = [block.short for block in blocks[:kept]], 0
    for number, block in enumerate(blocks[:kept]):
        used += len(block.whole) - len(block.short)
        if used > room:
            break
        texts[number] = block.whole
        whole = number + 1
    return texts, kept - whole


def _notice(plan: Plan, short: int, left_out: int, total: int) -> str:
    command = code(shlex.join(["flowctl", "plan", "-e", plan.environment]))
    counts = [(short, "shown without details"), (left_out, "left out")]
    missing = " and ".join(f"{number} {'is' if number == 1 else 'are'} {words}" for number, words in counts if number)
    return f"\n> **This comment is cut: of {total} blocks, {missing}.** Run {command} to see all of them.\n"
