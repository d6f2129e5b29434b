"""Options for times: a duration, or when a stretch of time begins."""

from typing import Any, Final

import click

from flowctl.model.durations import Beginning, beginning_of, seconds_of

DAY: Final = Beginning(ago=86_400)
"""The last 24 hours: where a command about runs begins if nothing says since when."""


class Since(click.ParamType[Beginning]):
    """A beginning: `24h`, `2026-12-01`, `2026-12-01T06:00:00Z`, or seconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Beginning:
        """The beginning that a word stands for."""
        try:
            return beginning_of(str(value))
        except ValueError as error:
            return self.fail(f'{error}, found "{value}"', param, ctx)


class Duration(click.ParamType[int]):
    """A duration in seconds: `90m`, `24h`."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The seconds that a word stands for."""
        try:
            return seconds_of(str(value))
        except ValueError as error:
            return self.fail(f'{error}, found "{value}"', param, ctx)


def is_duration(word: str) -> bool:
    """Whether a word stands for a duration."""
    try:
        seconds_of(word)
    except ValueError:
        return False
    return True
