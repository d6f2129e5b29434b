"""The log of a run on standard error: one line for each record, as text or as JSON."""

import logging

from flowctl.views.lines import Line, tell, tell_lines
from flowctl.views.visible import json_text


def begin_log(level: int, form: str) -> None:
    """Send the records of flowctl's loggers from this level on to standard error."""
    log = logging.getLogger("flowctl")
    log.handlers = [_JsonLines() if form == "json" else _TextLines()]
    log.setLevel(level)
    log.propagate = False
    # What the loggers of libraries would print by themselves takes the same way.
    logging.lastResort = _TextLines(logging.WARNING)


class _TextLines(logging.Handler):
    """A line for the message, and one for each line of a trace."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the record."""
        tell(record.getMessage())
        if record.exc_info:
            trace = logging.Formatter().formatException(record.exc_info)
            tell_lines(Line(line) for line in trace.split("\n"))


class _JsonLines(logging.Handler):
    """One JSON object for each record."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the record."""
        tell(
            json_text({"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}),
        )
