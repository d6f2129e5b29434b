"""Runs flowctl's command line where writing fails.

`LARGEST_FILE` bounds every file in bytes, as a full disk does: the write that crosses it is done in part, and fails.
`READ_ONLY_AT` makes the folder `READ_ONLY_FOLDER` read-only when the n-th request is sent; the rights that let root
write there for all that are given up.
"""

import ctypes
import os
import resource
import sys
from itertools import count
from pathlib import Path

import httpx

from flowctl.cli.main import run

_HANDLE = httpx.HTTPTransport.handle_request
_requests = count(1)
_CAPABILITY_VERSION = 0x20080522
_OVERRIDES = (1 << 1) | (1 << 2)


def _give_up_overrides() -> None:
    """Drops CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, so that permissions count for root too."""
    library = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)()
    if library.capget(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    data[0] &= ~_OVERRIDES
    if library.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _handle(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
    if next(_requests) == int(os.environ["READ_ONLY_AT"]):
        Path(os.environ["READ_ONLY_FOLDER"]).chmod(0o555)
    return _HANDLE(self, request)


if __name__ == "__main__":
    if "LARGEST_FILE" in os.environ:
        size = int(os.environ["LARGEST_FILE"])
        sys.dont_write_bytecode = True  # it would be cut, and every later process would read it
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if "READ_ONLY_AT" in os.environ:
        _give_up_overrides()
        httpx.HTTPTransport.handle_request = _handle  # type: ignore[method-assign]
        if os.environ["READ_ONLY_AT"] == "0":
            Path(os.environ["READ_ONLY_FOLDER"]).chmod(0o555)
    sys.argv[0] = "flowctl"
    run()
