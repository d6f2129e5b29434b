"""`main(argv) -> exit code`: runs a command and turns every error into words and a code."""

import gc
import sys

from flowctl import __version__

OK, ERROR, CHANGES, INTERRUPTED = 0, 1, 2, 130


def run() -> None:
    """The console script."""
    code = main(sys.argv[1:])
    # The process ends: the interpreter need not look through all that it is about to give back.
    gc.freeze()
    sys.exit(code)


def main(argv: list[str]) -> int:
    """Runs one command line and answers its exit code."""
    if argv in (["--version"], ["version"]):
        # Nothing else is imported for this: scripts ask for it often.
        sys.stdout.write(f"flowctl {__version__}\n")
        return OK
    from flowctl.cli.dispatch import dispatch

    return dispatch(argv)
