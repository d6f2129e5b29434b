"""Print why a command has no result, in the requested format."""

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from flowctl.late_pattern import late_pattern
from flowctl.model.diagnostic import Diagnostic
from flowctl.views.formats import Format

if TYPE_CHECKING:
    from flowctl.model.result import Result
    from flowctl.views.output import RenderOptions


def tell_failure(
    diagnostics: Sequence[Diagnostic], form: Format, how: "RenderOptions | None" = None, argv: Sequence[str] = ()
) -> None:
    """Print the diagnostics of a command line that failed before it had a result."""
    from flowctl.model.result import NoResult, Result, Status

    _tell(Result(command="", status=Status.ERROR, data=NoResult(), diagnostics=tuple(diagnostics)), form, how, argv)


def tell_usage(
    error: click.ClickException, form: Format, how: "RenderOptions | None" = None, argv: Sequence[str] = ()
) -> None:
    """Print what is wrong with a command line."""
    from flowctl.model.result import Result, Status, WrongUsage

    context = getattr(error, "ctx", None)
    data = WrongUsage(command=context.command_path if context else "flowctl")
    wrong = Diagnostic(code="usage", summary=usage_words(error), detail=_known_words(error))
    _tell(Result(command="", status=Status.ERROR, data=data, diagnostics=(wrong,)), form, how, argv)


def usage_words(error: click.ClickException) -> str:
    """What is wrong with a command line, in flowctl's own words."""
    match error:
        case click.NoSuchOption():
            return _no_such_option(error)
        case click.MissingParameter():
            name = _name(error.param, error.ctx)
            return f"missing {error.param.param_type_name if error.param is not None else 'argument'} {name}"
        case click.BadParameter():
            return f"invalid value for {_name(error.param, error.ctx)}: {error.message}"
        case click.BadOptionUsage():
            wrong = "does not accept a value" if "not take" in error.message else "needs a value"
            return f"`{error.option_name}` {wrong}"
    extra = _EXTRA.match(error.format_message())
    return f'unexpected argument "{extra[1]}"' if extra else error.format_message()


def _known_words(error: click.ClickException) -> str:
    """The names that a missing argument may have, if the workspace tells them."""
    parameter = error.param if isinstance(error, click.MissingParameter) else None
    context = getattr(error, "ctx", None)
    kind = next((each for each in _KINDS if parameter is not None and parameter.name == each.lower()), None)
    if kind is None or context is None:
        return ""
    from flowctl.cli.completing import names_of
    from flowctl.validation.wording import all_of, codes

    names = names_of(context, kind)
    more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return f"Known {kind.lower()}s: {all_of([*codes(names[:_MOST_NAMES]), *more])}." if names else ""


_KINDS: Final = ("Pipeline", "Connection")
"""The kinds of documents whose names are arguments."""
_MOST_NAMES: Final = 5
_EXTRA = late_pattern(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def _name(parameter: click.Parameter | None, context: click.Context | None) -> str:
    """The parameter as the help writes it."""
    if parameter is None:
        return "an argument"
    if isinstance(parameter, click.Option):
        return f"`{max(parameter.opts, key=len)}`"
    return f"`{parameter.make_metavar(context or click.Context(click.Command('flowctl'))).strip('[].')}`"


def _no_such_option(error: click.NoSuchOption) -> str:
    from flowctl.validation.wording import nearest

    known = {option.lstrip("-"): option for option in error.possibilities or ()}
    near = nearest(error.option_name.lstrip("-"), known)
    return f"no such option `{error.option_name}`" + (f"; did you mean `{known[near]}`?" if near else "")


def _tell(result: "Result", form: Format, how: "RenderOptions | None", argv: Sequence[str]) -> None:
    from flowctl.cli.long_words import shortened
    from flowctl.views.output import RenderOptions, write
    from flowctl.views.render import render

    # The option --no-color is not parsed if the command line is wrong.
    color = sys.stderr.isatty() and not os.environ.get("NO_COLOR") and "--no-color" not in sys.argv
    how = how or RenderOptions()
    write(render(shortened(result, argv, how.masked), form, how), color=False, messages_color=color)
