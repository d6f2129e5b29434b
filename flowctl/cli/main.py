"""`main(argv) -> exit code`: runs a command and turns every error into words and a code."""

import os
import sys

from flowctl import __specs_date__, __version__


def run() -> None:
    """Run the console script."""
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        # Here only modules are imported and streams closed: a command in progress ends by itself.
        from flowctl.cli.exit_codes import ExitCode

        code = ExitCode.INTERRUPTED
    # Everything is written, and what a thread may still be reading is of no use: giving back what a large workspace was
    # made of, object by object, would only make its user wait. `cli.process` has the other things of the process; this
    # one is needed where nothing is imported.
    os._exit(code)


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code."""
    if argv in (["--version"], ["version"]):
        # Nothing else is imported for this: scripts ask for it often.
        return 0 if _tell_version() else 1
    from flowctl.cli.dispatch import dispatch

    return dispatch(argv)


def _tell_version() -> bool:
    """Print the version; return whether that worked, as it does where nobody reads it."""
    if sys.stdout is None:
        return True
    try:
        sys.stdout.write(f"flowctl {__version__} (specs of {__specs_date__})\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return True
    except OSError as error:
        sys.stderr.write(f"error: cannot write the output: {error.strerror}\n")
        return False
    return True
