"""Results as annotations for the pull requests of GitHub: workflow commands in the log of a step."""

from collections.abc import Iterable, Iterator
from typing import Final

from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.result import Result, Validation
from flowctl.views.diagnostics import diagnostic_lines, validation_lines
from flowctl.views.findings import findings, place
from flowctl.views.lines import Line
from flowctl.views.output import Output, RenderOptions
from flowctl.views.visible import visible

MOST: Final = 10
"""How many annotations of one severity GitHub shows for one step."""


def render(result: Result, options: RenderOptions) -> Output:
    """The worst findings as annotations, then the others as lines, then what else a log is read for."""
    found = findings(result)
    folder = options.folder()
    shown = {severity: [one for one in found if one.severity is severity] for severity in Severity}
    annotated = [one for severity in Severity for one in shown[severity][:MOST]]
    others = [one for severity in Severity for one in shown[severity][MOST:]]
    lines = [*(_annotation(one, folder) for one in annotated), *_rest(others), *_log(result, found, options)]
    return Output(text="".join(f"{line}\n" for line in lines))


def _annotation(finding: Diagnostic, folder: str) -> str:
    """One workflow command. Its message repeats the place, which the log of the step does not show otherwise."""
    properties = {"title": _title(finding.code)}
    at = ""
    if finding.span:
        where = place(finding, folder)
        at = f"{where.file}:{where.line}:{where.column}: "
        properties = {"file": visible(where.file), "line": str(where.line), "col": str(where.column), **properties}
    head = f"{at}{finding.summary} [{finding.code}]"
    message = "\n".join(visible(words) for words in (head, finding.detail, finding.hint) if words)
    return _command(str(finding.severity), message, **properties)


def _title(code: str) -> str:
    from flowctl.model.codes import described

    row = described(code)
    return row.title if row else code


def _rest(others: list[Diagnostic]) -> Iterator[str]:
    if not others:
        return
    counts = {severity: sum(one.severity is severity for one in others) for severity in Severity}
    words = " and ".join(f"{count} more {name}{'s' * (count > 1)}" for name, count in counts.items() if count)
    yield _command("notice", f"{words}: see the log of this step", title="flowctl")
    yield from _texts(diagnostic_lines(others))


def _log(result: Result, found: tuple[Diagnostic, ...], options: RenderOptions) -> Iterator[str]:
    """What the step did, for whoever reads its log."""
    if isinstance(result.data, Validation):
        *_, end = validation_lines(found)
        if found or not options.quiet:
            yield end.text
        return
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.mapping_report import MappingTests
    from flowctl.model.plan import Plan

    if isinstance(result.data, DriftReport):
        from flowctl.views.drift_text import drift_lines

        yield from _texts(drift_lines(result.data))
    if isinstance(result.data, Plan):
        from flowctl.views.plan_text import plan_lines
        from flowctl.views.width import width_of

        yield from _texts(plan_lines(result.data, whole=options.whole, width=width_of(options)))
    if isinstance(result.data, MappingTests):
        from flowctl.views.mapping_text import tested_lines

        yield from _texts(tested_lines(result.data))


def _texts(lines: Iterable[Line]) -> Iterator[str]:
    return (line.text for line in lines)


def _command(name: str, message: str, **properties: str) -> str:
    """A workflow command, escaped so that neither its values nor its message can end it or begin another one."""
    given = ",".join(f"{key}={_escaped(value, ':', ',')}" for key, value in properties.items())
    return f"::{name} {given}::{_escaped(message)}"


def _escaped(text: str, *more: str) -> str:
    for sign in ("%", "\r", "\n", *more):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
