"""Problems with the data of the emulator, and what to do about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from flowctl.emulator import DamagedLock, DataError, DataInUse, FolderInUse, NewerData
from flowctl.model.errors import StateError


@contextmanager
def emulator_problems(reset: str = "run `flowctl emulator reset`") -> Iterator[None]:
    """Raise StateError where the emulator's data cannot be used; `reset` says how to give it fresh data."""
    try:
        yield
    except FolderInUse as error:
        hint = "Wait until that command has ended, or stop that process, then run the command again."
        if len(error.urls) == 1 and error.urls[0]:
            hint = f"Run `flowctl emulator reset --url {error.urls[0]}`, or stop that server and run the command again."
        raise StateError.because(
            "emulator-data", f"cannot delete the data of the emulator: {error}", hint=hint
        ) from error
    except DataInUse as error:
        raise _unusable(error, hint="Close that program, then run the command again.") from error
    except DamagedLock as error:
        hint = f"Delete {error.path}, then run the command again."
        raise _unusable(error, hint, "The emulator keeps no data in that file.") from error
    except NewerData as error:
        hint = f"Install a newer release of flowctl. To start with fresh data, {reset}."
        raise _unusable(error, hint, "The data is not damaged.") from error
    except DataError as error:
        hint = f"Check that its folder is writable. To start with fresh data, {reset}."
        raise _unusable(error, hint, "Only objects that were created on the emulator are affected.") from error


def _unusable(error: Exception, hint: str, detail: str = "") -> StateError:
    return StateError.because(
        "emulator-data", f"cannot use the data of the emulator: {error}", detail=detail, hint=hint
    )
