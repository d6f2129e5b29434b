"""Recording what a client and Experience Platform say to each other, and comparing a record with the emulator."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flowctl import __version__, emulator
from flowctl.aep.forwarding import Forwarder, NoReply
from flowctl.model.errors import FlowctlError
from flowctl.model.loopback import is_loopback
from flowctl.operations.emulator_data import emulator_problems
from flowctl.recording.bodies import LARGEST_RECORDED
from flowctl.recording.exchanges import Part, Writer
from flowctl.recording.record_file import RecordError, RecordFile, read
from flowctl.recording.vocabulary import vocabulary
from flowctl.specs.files import schemas_dir

if TYPE_CHECKING:
    from flowctl.emulator.recorder import Kept, Passed
    from flowctl.model.comparison_report import ComparedRecord
    from flowctl.recording.replay import Answer

_SECONDS: Final = 60.0
_CREATED: Final = 202
_EXISTS: Final = 409


def record(
    endpoint: str,
    file: Path,
    *,
    port: int,
    environ: Mapping[str, str],
    network: Mapping[str, float],
    on_ready: Callable[[str], None],
    told: Callable[[str], None],
    stop: Event | None = None,
) -> int:
    """Pass requests on to an endpoint until the process is stopped; return how many exchanges the new file has.

    Raises FlowctlError for an endpoint or a file that cannot be used, and for a port that is taken. If the disk is
    full, the client still gets its reply, the file keeps the exchanges so far, and recording ends.
    """
    from flowctl.emulator.http_server import CannotListen
    from flowctl.emulator.recorder import serve_recorder

    forwarder = Forwarder(endpoint, environ, **network)
    vocabulary()
    writer = Writer(forwarder.origin)
    record_file = _begun(file)
    keeper = _Keeper(writer, record_file, told)
    with closing(record_file):
        try:
            serve_recorder(
                forwarder.sent,
                NoReply,
                keeper.keep,
                origin=forwarder.origin,
                port=port,
                most=LARGEST_RECORDED,
                on_ready=on_ready,
                on_end=forwarder.close,
                give_up=keeper.gave_up,
                stop=stop,
            )
        except CannotListen as error:
            file.unlink(missing_ok=True)
            raise FlowctlError.because(
                "cannot-listen",
                f"the recorder cannot listen on port {port}: {error}",
                hint="Choose another --port. Port 0 finds a free one.",
            ) from error
    if keeper.problem is not None:
        raise _ended_early(file, keeper.problem, record_file.written)
    return record_file.written


def _begun(file: Path) -> RecordFile:
    try:
        return RecordFile(file, __version__)
    except OSError as error:
        raise _unwritable(file, error) from error


class _Keeper:
    """Writes each exchange to the file until one cannot be written: `problem` says why, and `gave_up` is set."""

    def __init__(self, writer: Writer, file: RecordFile, told: Callable[[str], None]) -> None:
        self.gave_up = Event()
        self.problem: OSError | None = None
        self._writer = writer
        self._file = file
        self._told = told

    def keep(self, passed: "Passed") -> None:
        """Write an exchange, and tell if it had no reply."""
        if self.problem is not None:
            return
        if passed.failure:
            self._told(f"{passed.method} had no reply ({passed.failure}).")
        exchange = self._writer.exchange(
            passed.method,
            passed.target,
            _part(passed.sent, passed.request),
            passed.status,
            _part(passed.received, passed.reply),
            passed.failure,
        )
        try:
            self._file.add(exchange)
        except OSError as error:
            self.problem = error
            self.gave_up.set()


def _part(headers: Sequence[tuple[bytes, bytes]], kept: "Kept") -> Part:
    named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    return Part(headers=named, content=kept.content, size=kept.size)


def _unwritable(file: Path, error: OSError) -> FlowctlError:
    taken = isinstance(error, FileExistsError)
    return FlowctlError.because(
        "output-unwritable",
        f"cannot write {file}: {'the file exists' if taken else error.strerror or error}",
        hint="Choose another file with --out." if taken else "Choose a file in a folder that you can write.",
    )


def _ended_early(file: Path, error: OSError, written: int) -> FlowctlError:
    number = f"{written} exchange{'' if written == 1 else 's'}"
    return FlowctlError.because(
        "output-unwritable",
        f"cannot write {file}: {error.strerror or error}; the record ends after {number}",
        hint="Free disk space, and record the rest into another file with --out. The exchanges so far are complete.",
    )


def compare(file: Path, url: str | None) -> "ComparedRecord":
    """Send a record to the emulator, a new one or the one at `url`, and return how its replies differ.

    Raises FlowctlError for a file that is not a record, and for an address at which no emulator answers.
    """
    from flowctl.emulator.directory import LOCAL_CLIENT, LOCAL_ORG, LOCAL_SECRET, LOCAL_TENANT, LOCAL_TOKEN
    from flowctl.recording.replay import Platform, Replay
    from flowctl.recording.sandboxes import ALWAYS

    try:
        recorded = read(file)
    except RecordError as error:
        raise _not_a_record(file, f"is not a record: {error}") from error
    except OSError as error:
        raise _not_a_record(file, f"cannot be read: {error.strerror or error}") from error
    with _emulator(url) as address:
        platform = Platform(
            url=address,
            organization=LOCAL_ORG,
            tenant=LOCAL_TENANT,
            client=LOCAL_CLIENT,
            secret=LOCAL_SECRET,
            token=LOCAL_TOKEN,
        )
        connection = _Connection(address)
        with closing(connection):
            connection.require_emulator()
            replay = Replay(recorded, platform, connection.send)
            for name in sorted(replay.sandboxes - ALWAYS):
                connection.add_sandbox(name)
            return replay.compared(str(file))


@contextmanager
def _emulator(url: str | None) -> Iterator[str]:
    if url is not None:
        yield url.rstrip("/")
        return
    with emulator_problems(), emulator.start(specs_dir=schemas_dir()) as running:
        yield running.url


class _Connection:
    """A connection to an emulator on this machine, to which a record is sent: never to anything else."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 80
        except ValueError:
            host, port = "", 0
        if not host or not is_loopback(url) or not url.startswith("http://"):
            raise self._unreachable("it is not an address of this machine")
        self._http = http.client.HTTPConnection(host, port, timeout=_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def require_emulator(self) -> None:
        """Raise FlowctlError unless an emulator answers: a record has writes, and is sent to nothing else."""
        if self.send("GET", "/_emulator/settings", {}, None).status != 200:
            raise self._unreachable("no emulator answers there")

    def add_sandbox(self, name: str) -> None:
        """Create a sandbox of the local organization, unless it exists."""
        from flowctl.emulator.directory import LOCAL_CLIENT, LOCAL_ORG, LOCAL_TOKEN

        headers = {
            "Authorization": f"Bearer {LOCAL_TOKEN}",
            "x-api-key": LOCAL_CLIENT,
            "x-gw-ims-org-id": LOCAL_ORG,
            "Content-Type": "application/json",
        }
        body = json.dumps({"name": name, "title": name, "type": "development"}).encode()
        status = self.send("POST", "/data/foundation/sandbox-management/sandboxes", headers, body).status
        if status not in (_CREATED, _EXISTS):
            raise self._unreachable(f"it creates no sandbox {name} (HTTP {status})")

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> "Answer":
        """Return the reply to one request."""
        from flowctl.recording.replay import Answer

        try:
            self._http.request(method, target, body=body, headers=dict(headers))
            reply = self._http.getresponse()
            content = reply.read()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._http.close()
            raise self._unreachable(getattr(error, "strerror", None) or type(error).__name__) from error
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, content)

    def _unreachable(self, why: str) -> FlowctlError:
        return FlowctlError.because(
            "unreachable",
            f"{self._url} cannot be compared with: {why}",
            hint="Start an emulator with `flowctl emulator serve` and correct --url, or leave --url out.",
        )


def _not_a_record(file: Path, why: str) -> FlowctlError:
    return FlowctlError.because(
        "not-a-record", f"{file} {why}", hint="Pass a file that `flowctl emulator record` has written."
    )
