"""Mapping tests and the health of pipelines as JUnit XML, which CI systems show beside the tests of programs."""

import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from flowctl.model.mapping_report import CaseEnd, MappingTests
from flowctl.model.report import HeldLock
from flowctl.model.result import NoResult, Result, WrongUsage
from flowctl.model.run_report import PipelinesStatus, PipelineStatus
from flowctl.views.diagnostics import diagnostic_lines, usage_lines
from flowctl.views.listed import listed_lines
from flowctl.views.mapping_text import difference_lines
from flowctl.views.output import Output
from flowctl.views.visible import visible

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result) -> Output:
    """The result as one XML document; why there is none is a message and a document with one error."""
    match result.data:
        case MappingTests():
            return Output(text=_document(result.data))
        case PipelinesStatus():
            return Output(text=_health(result.data))
        case WrongUsage():
            return Output(messages=usage_lines(result.diagnostics, result.data))
        case NoResult():
            return Output(text=_failure(result), messages=diagnostic_lines(result.diagnostics))
        case HeldLock():
            return Output(messages=listed_lines(result.data))
        case data:
            raise AssertionError(f"{type(data).__name__} has no JUnit form")


def _document(data: MappingTests) -> str:
    suites: dict[str, list[CaseEnd]] = {}
    for case in data.cases:
        suites.setdefault(case.test, []).append(case)
    total = f"tests={_attribute(str(len(data.cases)))} failures={_attribute(str(data.failed))}"
    lines = [f'<testsuites name="flowctl test" {total} errors="0">']
    for test, cases in suites.items():
        failed = sum(not case.has_passed for case in cases)
        lines.append(f'  <testsuite name={_attribute(test)} tests="{len(cases)}" failures="{failed}" errors="0">')
        for case in cases:
            lines += _case(case)
        lines.append("  </testsuite>")
    return _xml([*lines, "</testsuites>"])


def _case(case: CaseEnd) -> Iterator[str]:
    name, place = _attribute(case.case), f"file={_attribute(case.file)} line={_attribute(str(case.line))}"
    head = f"    <testcase name={name} classname={_attribute(case.pipeline)} {place}"
    if case.has_passed:
        yield f"{head}/>"
        return
    count = len(case.differences)
    message = _attribute(f"{count} difference{'' if count == 1 else 's'}, first at {case.differences[0].path}")
    yield f"{head}>"
    text = "\n".join(line.text.removeprefix("    ") for each in case.differences for line in difference_lines(each))
    yield f'      <failure type="difference" message={message}>{escape(_clean(text))}</failure>'
    yield "    </testcase>"


def _health(data: PipelinesStatus) -> str:
    """One case for each pipeline; one of which nothing can be expected is skipped."""
    skipped = sum(each.healthy is None for each in data.pipelines)
    total = f'tests="{len(data.pipelines)}" failures="{data.unhealthy}" errors="0" skipped="{skipped}"'
    lines = [f'<testsuites name="flowctl runs check" {total}>']
    lines.append(f"  <testsuite name={_attribute(data.environment)} {total}>")
    lines += [line for each in data.pipelines for line in _pipeline(each)]
    return _xml([*lines, "  </testsuite>", "</testsuites>"])


def _pipeline(each: PipelineStatus) -> Iterator[str]:
    head = f'    <testcase name={_attribute(each.name)} classname="flowctl.runs"'
    if each.healthy:
        yield f"{head}/>"
        return
    yield f"{head}>"
    if each.healthy is None:
        yield f"      <skipped message={_attribute(each.state.replace('_', ' '))}/>"
    for problem in each.problems[:1]:
        text = escape(_clean("\n".join(one.message for one in each.problems)))
        yield f"      <failure type={_attribute(problem.code)} message={_attribute(problem.message)}>{text}</failure>"
    yield "    </testcase>"


def _failure(result: Result) -> str:
    lines = ['<testsuites name="flowctl" tests="1" failures="0" errors="1">']
    lines.append('  <testsuite name="flowctl" tests="1" failures="0" errors="1">')
    lines.append('    <testcase name="the workspace can be read" classname="flowctl">')
    first = result.diagnostics[0].summary if result.diagnostics else "no result"
    text = "\n".join(line.text for line in diagnostic_lines(result.diagnostics))
    lines.append(f'      <error type="diagnostic" message={_attribute(first)}>{escape(_clean(text))}</error>')
    return _xml([*lines, "    </testcase>", "  </testsuite>", "</testsuites>"])


def _xml(lines: list[str]) -> str:
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines]) + "\n"


def _attribute(text: str) -> str:
    return quoteattr(visible(_clean(text)))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
