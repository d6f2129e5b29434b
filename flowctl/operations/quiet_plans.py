"""A plan that found nothing to do, once more: it holds as long as nothing that it depended on has moved."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.readings import Readings, read_the_same
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.model.json_value import JSON
from flowctl.model.plan import Plan
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Sensitive
from flowctl.operations.session import Session
from flowctl.state.quiet_plan import QuietPlan, QuietPlanFile
from flowctl.systems import result_of


def keeps_plans(session: Session) -> bool:
    """Whether a plan without changes would be kept."""
    return _file(session) is not None


def quiet_plan(
    session: Session, manifests: Manifests, admission: Future[None], send: Send, pool: ThreadPoolExecutor
) -> Plan | None:
    """The plan without changes, if one was kept and everything is as it was then; None if anything may be different.

    Nothing is read before `admission` has ended, which gets the token. Raises PlatformError if Experience Platform
    cannot be read.
    """
    file = _file(session)
    kept = file.get(_basis(session, manifests)) if file is not None else None
    if kept is None:
        return None
    result_of(admission)
    before = Readings(
        objects={name: dict(editions) for name, editions in kept.objects.items()},
        answers={(path, _pairs(query), _pairs(headers)): answer for path, query, headers, answer in kept.answers},
    )
    if not read_the_same(before, KINDS, send, pool):
        return None
    return Plan(
        environment=session.environment.name,
        organization=session.environment.organization,
        sandbox=session.environment.sandbox,
        lineage=kept.lineage,
        serial=kept.serial,
        manifest_digest=manifests.digest,
        changes=(),
        unmoved=kept.unchanged,
    )


def keep_quiet_plan(session: Session, manifests: Manifests, plan: Plan, readings: Readings) -> None:
    """Keep a plan that found nothing at all, for the next one."""
    file = _file(session)
    if (
        file is None
        or not plan.is_empty
        or plan.drift
        or plan.ignored
        or plan.diagnostics
        or not readings.is_repeatable
    ):
        return
    file.put(
        _basis(session, manifests),
        QuietPlan(
            lineage=plan.lineage,
            serial=plan.serial,
            unchanged=plan.unchanged,
            objects=readings.objects,
            answers=[[*asked, answer] for asked, answer in readings.answers.items()],
        ),
    )


@dataclass(slots=True, kw_only=True)
class Replies:
    """Sends, and keeps the replies: what was asked before is not asked again. Threads may share it."""

    send_first: Send
    _kept: dict[tuple[str, tuple[tuple[str, str], ...]], Reply] = field(default_factory=dict)

    def keep(self, request: Request) -> Reply:
        """Send a question, and keep the reply."""
        reply = self._kept[request.path, request.query] = self.send_first(request)
        return reply

    def send(self, request: Request) -> Reply:
        """The kept reply to a question, once; else that to the request now."""
        kept = self._kept.pop((request.path, request.query), None) if request.method == "GET" else None
        return self.send_first(request) if kept is None else kept


def _file(session: Session) -> QuietPlanFile | None:
    """The file; None without a whole lockfile to compare with."""
    if not session.ledger.digest:
        return None
    return QuietPlanFile.of(session.workspace.root, session.environment.name, session.environ)


def _basis(session: Session, manifests: Manifests) -> JSON:
    """All that a plan depends on besides this program and what it reads.

    The digest of manifests is the same whatever environment variables and secrets say, so their values come with it.
    """
    environment = session.environment
    where = (environment.name, environment.organization, environment.sandbox, environment.endpoint)
    values = [value for document in manifests.documents for value in _substituted(document)]
    specs = session.workspace.own_specs.digest
    return [session.ledger.digest, manifests.digest, specs, where, environment.client_id, values]


def _substituted(document: Document) -> list[JSON]:
    return [_clear(each.value) for each in document.expanded.values() if each.environment or each.variables]


def _clear(value: JSON) -> JSON:
    return value.value if isinstance(value, Sensitive) else value


def _pairs(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs)
