"""The refresh of a session: it waits until recent writes are shown."""

from concurrent.futures import ThreadPoolExecutor

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.readings import Readings
from flowctl.engine.observe.refresh import Keeps, Refresh, is_warned_of
from flowctl.engine.observe.unreadable import Unread
from flowctl.engine.plan.diff import is_as_sent
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject
from flowctl.operations.session import Session


def refresh_of(
    session: Session,
    pool: ThreadPoolExecutor,
    *,
    send: Send | None = None,
    keeps: Keeps = is_warned_of,
    readings: Readings | None = None,
    unread: Unread | None = None,
) -> Refresh:
    """The live state of this moment; everything but the session is as in Refresh."""

    def is_current(kind: Kind, entry: LockEntry, live: RemoteObject) -> bool:
        """Whether an object is as it was recorded, or was changed after that; both times are by the platform's clock.

        What someone changed before the last record looks like an old form that is still shown.
        """
        updated, now, age = kind.provenance.updated_at(live.body), session.clock.now(), session.ledger.age
        if updated is None or now is None or age is None or updated >= now - age * 1000:
            return True
        return is_as_sent(kind, entry.applied, live)

    return Refresh(
        kinds=KINDS,
        send=send or session.send,
        pool=pool,
        keeps=keeps,
        readings=readings,
        unread=unread,
        visibility=session.visibility(),
        is_current=is_current,
    )
