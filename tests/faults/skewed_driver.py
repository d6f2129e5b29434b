"""Runs flowctl's command line as a process whose local clock is wrong by `LOCAL_CLOCK_SECONDS`.

The clock is moved at the edge of the process, in `time.time` and `time.time_ns`, never inside flowctl. What an
interrupted run may still do is waited for shortly.
"""

import os
import sys
import time

_TIME, _TIME_NS = time.time, time.time_ns
_BY = int(os.environ["LOCAL_CLOCK_SECONDS"])

if __name__ == "__main__":
    time.time = lambda: _TIME() + _BY
    time.time_ns = lambda: _TIME_NS() + _BY * 1_000_000_000
    from flowctl.cli.main import run
    from flowctl.operations import session

    session.RESTART = 1.0  # type: ignore[misc]
    sys.argv[0] = "flowctl"
    run()
