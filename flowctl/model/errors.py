"""The exception tree.

FlowctlError            carries diagnostics; the command line turns it into exit code 1
├── ManifestError       the workspace or its manifests are wrong
├── StateError          the lockfile, journal, run lock or plan file cannot be used
├── PlatformError       a request to Experience Platform failed
│   ├── Unreachable     no reply: connection, TLS or timeout
│   ├── Refused         a reply with an error status, or of the wrong shape
│   ├── UnclearReply    a reply of success that does not tell what was done
│   └── OutcomeUnknown  a write was sent, and its outcome could not be found out
└── Interrupted         the user asked to stop; exit code 130
"""

from collections.abc import Iterable
from typing import Self

from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, SourceSpan


class FlowctlError(Exception):
    """A failure that is explained by its diagnostics."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(diagnostic.summary for diagnostic in self.diagnostics))

    @classmethod
    def because(
        cls,
        code: str,
        summary: str,
        *,
        detail: str = "",
        hint: str = "",
        address: Address | None = None,
        span: SourceSpan | None = None,
    ) -> Self:
        """The error with one diagnostic made of these words."""
        return cls([Diagnostic(code=code, summary=summary, detail=detail, hint=hint, address=address, span=span)])


class ManifestError(FlowctlError):
    """The workspace or its manifests are wrong."""


class StateError(FlowctlError):
    """The lockfile, journal, run lock or plan file cannot be used."""


class PlatformError(FlowctlError):
    """A request to Experience Platform failed.

    `maybe_done` says whether a write may have been done nevertheless; it is False if it was certainly not done.
    """

    maybe_done: bool = True


class Unreachable(PlatformError):  # noqa: N818 - reads as what happened
    """No reply came: connection, TLS or timeout. `setting` is the one that names the host, such as `auth.tokenUrl`."""

    def __init__(self, diagnostics: Iterable[Diagnostic], *, timed_out: bool = False, setting: str = "") -> None:
        super().__init__(diagnostics)
        self.timed_out = timed_out
        self.setting = setting


class Refused(PlatformError):  # noqa: N818 - reads as what happened
    """Experience Platform replied with an error status, or with a body of the wrong shape.

    `retry_after` is in seconds, if the reply had one.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], *, status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.retry_after = retry_after


class UnclearReply(PlatformError):  # noqa: N818 - reads as what happened
    """A reply of success that does not tell what was done: the work may still be in progress."""


class OutcomeUnknown(PlatformError):  # noqa: N818 - reads as what happened
    """A write was sent, and its outcome could not be found out. The journal still has its intent."""


class Interrupted(FlowctlError):  # noqa: N818 - reads as what happened
    """The user asked to stop."""


def bug(error: Exception, *, hint: str, address: Address | None = None) -> Diagnostic:
    """An error of flowctl itself, without the exception's own words: they may hold what must not be shown."""
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"line {place.lineno} of {place.filename}"
    return Diagnostic(
        code="internal-error",
        summary=f"flowctl has a bug: {type(error).__name__} in {place.name}, {where}",
        hint=hint,
        address=address,
    )
