"""A Connection's connector, authentication and its parameters, against the catalogue."""

from collections.abc import Iterator

from flowctl.manifest.auth_params import connector_of
from flowctl.manifest.checks.spec_words import told
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.specs.catalogue import connector_names
from flowctl.specs.connector import Connector
from flowctl.specs.validate import auth_problems, without_secrets
from flowctl.text.positions import Step
from flowctl.validation.check import accepted
from flowctl.validation.wording import all_of, code, codes, did_you_mean, nearest, one_of, quoted


def authentication(document: Document, index: Index) -> Iterator[Diagnostic]:
    """What the catalogue does not accept. What it does not have is checked live."""
    known = connector_of(document.content)
    if known is None:
        if isinstance(document.at("connector"), str):
            yield unknown_connector(document, "connector")
        return
    if not known.needs_base_connection:
        yield document.error(
            "connection-not-allowed",
            f"connector {code(known.name)} has no base connections",
            "connector",
            detail="A pipeline reads from this connector without a base connection (account).",
            hint="Remove this document, and remove `source.connection` from the pipelines that use it.",
        )
        return
    name, params = document.at("auth", "specName"), document.at("auth", "params")
    if not isinstance(name, str):
        return
    spec = known.auth_spec(name)
    if spec is None:
        yield _unknown_authentication(document, known)
        return
    if params is not None and not isinstance(params, dict):
        return
    shown = without_secrets(params or {})
    if not accepted(spec.schema, shown):
        problems = auth_problems(spec, shown)
        base: tuple[Step, ...] = ("auth", "params") if params is not None else ("auth",)
        yield from told(document, index, base, problems, "invalid-auth-params", verified=known.verified)


def unknown_connector(document: Document, *path: Step) -> Diagnostic:
    """The name at a path is not in the catalogue."""
    name = str(document.shown(*path))
    near = nearest(name, connector_names())
    return document.error(
        "unknown-connector",
        f"unknown connector {quoted(name)}",
        *path,
        detail="" if near else f"Known connectors: {all_of(codes(connector_names()))}.",
        hint=did_you_mean(near, "Write one of these names, or `connectionSpec: {id: ...}` for another source."),
    )


def _unknown_authentication(document: Document, known: Connector) -> Diagnostic:
    name = str(document.shown("auth", "specName"))
    names = [spec.name for spec in known.auth_specs]
    near = nearest(name, names)
    return document.error(
        "unknown-auth-spec",
        f"connector {code(known.name)} has no authentication type {quoted(name)}",
        "auth",
        "specName",
        detail=f"Expected {one_of(codes(names))} (exact spelling). Experience Platform decides during plan.",
        hint=did_you_mean(near, "Check the name."),
        severity=Severity.WARNING,
    )
