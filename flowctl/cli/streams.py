"""Standard output and standard error that show no secret and survive a reader that goes away."""

import errno
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from flowctl.masking.secret_values import SecretValues


class OutputFailed(Exception):  # noqa: N818 - reads as what happened
    """Standard output cannot be written, for another reason than that its reader went away."""


class SurvivingStream:
    """A text stream that masks secrets, and drops what it is given once its reader is gone.

    A stream that need not work drops what it is given after any failure. Everything else is the stream's own, but for
    the bytes below it: those would go past the mask.
    """

    def __init__(self, stream: TextIO, secrets: SecretValues, *, needed: bool) -> None:
        self._stream = stream
        self._secrets = secrets
        self._needed = needed
        self._gone = False
        self.has_text = False
        """Whether anything was written to it, or dropped."""

    def write(self, text: str) -> int:
        """Write without secrets, or drop."""
        self.has_text = True
        if not self._gone:
            shown = self._secrets.masked(text)
            try:
                self._stream.write(shown)
            except UnicodeEncodeError:
                # The terminal's encoding lacks a character: an escape says more than no output.
                encoding = self._stream.encoding or "ascii"
                self._stream.write(shown.encode(encoding, "backslashreplace").decode(encoding))
            except OSError as error:
                self._leave(error)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush, if there is still a reader."""
        if not self._gone:
            try:
                self._stream.flush()
            except OSError as error:
                self._leave(error)

    def __getattr__(self, name: str) -> Any:
        if name in ("buffer", "detach"):
            raise AttributeError(name)
        return getattr(self._stream, name)

    def _leave(self, error: OSError) -> None:
        self._gone = True
        gone = isinstance(error, BrokenPipeError) or _has_no_reader(self._stream, error)
        # What is left in the stream's buffer must go somewhere, or the interpreter complains about it at its end.
        with suppress(OSError):
            _point_to_nothing(self._stream.fileno())
        if self._needed and not gone:
            raise OutputFailed(error.strerror or str(error)) from error


@contextmanager
def surviving_streams(secrets: SecretValues) -> Iterator[SurvivingStream]:
    """Within it, sys.stdout, which it yields, and sys.stderr survive.

    A stream that was closed from the start is one without a reader.

    Output that cannot be written for another reason raises OutputFailed; messages that cannot are dropped.
    """
    before = sys.stdout, sys.stderr
    if None in before:
        _fill_closed_descriptors()
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        try:
            for stream in before:
                _make_portable(stream)
            sys.stdout = out = SurvivingStream(before[0] or nothing, secrets, needed=True)
            sys.stderr = SurvivingStream(before[1] or nothing, secrets, needed=False)
            yield out
        finally:
            sys.stdout, sys.stderr = before


def _make_portable(stream: TextIO | None) -> None:
    """Make what goes into files and pipes the same on every system: UTF-8 and LF.

    Only a terminal has a reader who cannot choose, and PYTHONIOENCODING one who has chosen.
    """
    if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
        chosen = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
        stream.reconfigure(encoding=stream.encoding if chosen else "utf-8", errors=stream.errors, newline="\n")


def _has_no_reader(stream: TextIO, error: OSError) -> bool:
    """Whether a pipe's reader went away, as Windows tells it."""
    with suppress(OSError):
        return error.errno == errno.EINVAL and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
    return False


def _fill_closed_descriptors() -> None:
    """Keep the numbers of the standard streams from being given to the next files, such as the journal."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= 2:
        descriptor = os.open(os.devnull, os.O_RDWR)
    os.close(descriptor)


def _point_to_nothing(descriptor: int) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
