"""Codes of namespaces: whether a new one is free, and that a known one stays, checked before anything is sent."""

from collections.abc import Sequence
from typing import Final

from flowctl.kinds.evolution_rules import BY_NAME
from flowctl.kinds.identifier import listed
from flowctl.kinds.live_check import Ask, Desired, LiveCheck, Titled
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.request import Reply, Request
from flowctl.validation.wording import did_you_mean, nearest

NAMESPACES: Final = "/data/core/idnamespace/identities"
_KIND: Final = "namespace"
_WRITES: Final = (Action.CREATE, Action.UPDATE, Action.REPLACE)
_MOST: Final = 20
_FIXED: Final = {"code": "code", "idType": "identity type"}


def code_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each namespace that would be created with a code that another one has."""
    made = [change for change in changes if change.action is Action.CREATE]
    if not made:
        return ()
    titled = Titled(kind=_KIND, titles=frozenset(str(change.desired["code"]) for change in made))
    answers = yield (titled,)
    owners = {live.attributes["code"]: live for live in answers.of(titled)}
    return [
        Diagnostic(
            code="namespace-taken",
            summary=f"an identity namespace with the code `{change.desired['code']}` already exists",
            detail=f'Its ID is {owner.id} and its name is "{owner.attributes["name"]}". Codes are unique.',
            hint="Change `code`. To manage the existing namespace, run `flowctl state repair`. To use a namespace, "
            "its code is enough: delete this document.",
            address=change.address,
            span=desired[change.address].place("code"),
        )
        for change in made
        if (owner := owners.get(change.desired["code"])) is not None
    ]


def namespace_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each identity whose namespace is neither on the platform nor in the manifests."""
    identities = [
        change for change in changes if change.action in _WRITES and isinstance(change.desired.get("namespace"), str)
    ]
    wanted = {str(change.desired["namespace"]) for change in identities}
    if not wanted:
        return ()
    own = {str(each.attributes["code"]).lower() for address, each in desired.items() if address.kind == _KIND}
    if {code.lower() for code in wanted} <= own:
        return ()
    known: Ask[Sequence[str]] = Ask(request=Request(method="GET", path=NAMESPACES), read=_codes)
    answers = yield (known,)
    codes = answers.of(known)
    there = own | {code.lower() for code in codes}
    return [
        Diagnostic(
            code="unknown-namespace",
            summary=f"there is no identity namespace with the code `{change.desired['namespace']}`",
            detail=f"Known: {', '.join(sorted(codes)[:_MOST])}.",
            hint=did_you_mean(
                nearest(str(change.desired["namespace"]), codes), "Add a Namespace document with this code."
            ),
            address=change.address,
            span=desired[change.address].place("namespace"),
        )
        for change in identities
        if str(change.desired["namespace"]).lower() not in there
    ]


def _codes(reply: Reply) -> Sequence[str]:
    return [str(each["code"]) for each in listed(reply.body)]


def fixed_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each change of a code or an identity type, which Identity Service rejects."""
    yield ()
    return [
        Diagnostic(
            code="namespace-fixed",
            summary=f"the {_FIXED[attribute.steps[0]]} of an identity namespace cannot be changed",
            detail=f"`{change.address}` has {attribute.before}. Identity Service rejects another value, and it cannot "
            f"delete a namespace. {BY_NAME['namespace-changed'].named}",
            hint=f"Restore {attribute.before}, or write a Namespace document with another name and another code.",
            address=change.address,
            span=desired[change.address].place(attribute.steps[0]),
        )
        for change in changes
        if change.action is not Action.CREATE and change.address in desired
        for attribute in change.attributes
        if attribute.steps[0] in _FIXED
    ]
