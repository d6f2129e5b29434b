"""`main(argv) -> exit code`: runs a command and turns every error into words and a code."""

import os
import sys

from flowctl import __version__

OK, ERROR, CHANGES, INTERRUPTED = 0, 1, 2, 130


def run() -> None:
    """The console script."""
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        # Here only modules are imported and streams closed: a command in progress ends by itself.
        code = INTERRUPTED
    # Everything is written, and what a thread may still be reading is of no use: giving back what a large workspace was
    # made of, object by object, would only make its user wait.
    os._exit(code)


def main(argv: list[str]) -> int:
    """Runs one command line and answers its exit code."""
    if argv in (["--version"], ["version"]):
        # Nothing else is imported for this: scripts ask for it often.
        return _tell_version()
    from flowctl.cli.dispatch import dispatch

    return dispatch(argv)


def _tell_version() -> int:
    if sys.stdout is None:
        return OK
    try:
        sys.stdout.write(f"flowctl {__version__}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return OK
    except OSError as error:
        sys.stderr.write(f"error: the output cannot be written: {error.strerror}\n")
        return ERROR
    return OK
