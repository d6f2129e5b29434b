"""Clashes: objects that manifests of the workspace describe almost, or more than once."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic
from flowctl.operations.importing.known import Known
from flowctl.operations.importing.matching import Bindings
from flowctl.operations.importing.sandbox import Part, Sandbox
from flowctl.validation.wording import all_of, quoted


def clashing(bound: Bindings, known: Known, sandbox: Sandbox, flows: Sequence[Part]) -> dict[Use, str]:
    """Why flows are left out: a manifest has the title of one, or of what it stands on, and describes it otherwise.

    The next plan would refuse to create a second object of the title. Where several manifests describe an
    object, a person has to say which is meant.
    """
    return {
        flow.use: why
        for flow in flows
        if flow.key not in bound.addresses and (why := _clash(flow, bound, known, sandbox)) is not None
    }


def _clash(flow: Part, bound: Bindings, known: Known, sandbox: Sandbox) -> str | None:
    for part in sandbox.stands_on(flow):
        if part.use in bound.differing:
            address, why = bound.differing[part.use]
            what = "a dataflow of this title" if part is flow else f"a {part.kind.title} {quoted(part.title)}"
            return f"{known.place_of(address)} describes {what}, and {why}"
        if part.use in bound.several:
            places = all_of([known.place_of(address) for address in bound.several[part.use]])
            return f"{places} describe its {part.kind.title} {quoted(part.title)}: keep one of them"
    return None


def left_over(bound: Bindings, written: Mapping[Address, Part], known: Known) -> Iterator[Diagnostic]:
    """The manifests that would create a second object of a title that is imported under another address.

    The next plan refuses them.
    """
    owners = {
        (part.kind.name, part.title): address for address, part in {**bound.parts, **written}.items() if part.title
    }
    told = {address for several in bound.several.values() for address in several}
    for address, resource in known.desired.items():
        kind = KINDS[address.kind]
        title = str(resource.attributes.get(kind.label) or "")
        owner = owners.get((kind.name, title)) if kind.told_by_title else None
        if owner is not None and address not in (known.ids.keys() | bound.parts.keys() | told):
            yield Diagnostic(
                code="import-ambiguous",
                summary=f"`{address}` has the title of `{owner}`, which is imported",
                detail=f"The next plan refuses to create a second {kind.title} {quoted(title)}.",
                hint="Remove one of the two manifests, or change the title of this one.",
                address=address,
                span=resource.span,
            )
