"""The error of a data folder that cannot be used; it imports nothing, so that naming it costs nothing."""


class DataError(RuntimeError):
    """The emulator's data is damaged, of another program, or of a newer release; the message names the file."""


class DataInUse(DataError):  # noqa: N818 - reads as what happened
    """The emulator's data is not damaged, but another program has locked it."""
