"""The emulator's data as a person has it: what is wrong with it, and the way on."""

from collections.abc import Iterator
from contextlib import contextmanager

from flowctl.emulator import DataError
from flowctl.model.errors import StateError


@contextmanager
def emulator_problems(reset: str = "flowctl emulator reset") -> Iterator[None]:
    """Raises StateError where the emulator's data cannot be used; `reset` is the command that gives it fresh data."""
    try:
        yield
    except DataError as error:
        raise StateError.because(
            "emulator-data",
            f"the data of the emulator cannot be used: {error}",
            detail="It holds only what was tried on the emulator.",
            hint=f"Give it fresh data: {reset}. Its folder must be writable for this user.",
        ) from error
