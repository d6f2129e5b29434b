"""Operations are called by any program, as often as it likes: they leave nothing behind in its process."""

import gc
import signal
import sys
import threading
from collections.abc import Callable
from threading import Event
from typing import Any

from surroundings import Workspace

from flowctl.masking.secret_values import SecretValues
from flowctl.model.report import ApplyReport
from flowctl.operations.apply import apply_plan
from flowctl.operations.plan import make_destroy_plan, make_plan
from flowctl.operations.session import Network, Session, SessionSettings, locked_session
from flowctl.operations.validate import load_manifests
from flowctl.settings.workspace import find
from flowctl.systems import stop_signals


class _Unwatched:
    def started(self, *_: Any) -> None:
        pass

    def ended(self, *_: Any) -> None:
        pass


def _apply(folder: Workspace) -> ApplyReport:
    workspace, secrets = find(folder.root), SecretValues()
    manifests = load_manifests(workspace, environment="dev", overrides={}, environ={}, secrets=secrets)
    return _in_session(
        folder, secrets, lambda session: apply_plan(session, make_plan(session, manifests), progress=_Unwatched())
    )


def _destroy(folder: Workspace) -> ApplyReport:
    return _in_session(
        folder, SecretValues(), lambda session: apply_plan(session, make_destroy_plan(session), progress=_Unwatched())
    )


def _in_session(folder: Workspace, secrets: SecretValues, work: Callable[[Session], ApplyReport]) -> ApplyReport:
    workspace = find(folder.root)
    settings = SessionSettings(
        workspace=workspace,
        environment="dev",
        environ={},
        secrets=secrets,
        network=Network(),
        parallelism=4,
        stop=Event(),
        told=lambda _: None,
    )
    with locked_session(settings, "a program of someone else", 0.0) as session:
        return work(session)


def _of_the_process() -> tuple[object, ...]:
    return (
        gc.isenabled(),
        [signal.getsignal(number) for number in stop_signals()],
        sorted(thread.name for thread in threading.enumerate()),
        sys.modules.get("httpx._main", "absent"),
    )


def test_two_applies_and_two_destroys_leave_the_process_as_it_was(examples: Workspace) -> None:
    before, frozen = _of_the_process(), gc.get_freeze_count()
    for _ in range(2):
        first, again = _apply(examples), _apply(examples)
        assert (first.succeeded, bool(first.steps), again.steps) == (True, True, ())
        assert _of_the_process() == before
        assert _destroy(examples).succeeded
        assert _of_the_process() == before
        # What an earlier command of this process froze may have ended since; nothing new is frozen.
        assert gc.get_freeze_count() <= frozen
