"""How new the record of a session is."""

from flowctl.engine.observe.newness import LONGEST, Newness
from flowctl.operations.session import Session


def newness_of(session: Session) -> Newness:
    """The time in which an object that the session has recorded may not be shown yet; none if the record is old."""
    age = session.ledger.age
    backoff = session.backoff
    left = 0.0 if age is None else min(LONGEST, backoff.visible) - age
    return Newness(left=left, pause=backoff.pause, first=backoff.first)
