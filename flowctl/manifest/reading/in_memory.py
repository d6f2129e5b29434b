"""Documents that are not written yet, checked as if they were files of the workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from flowctl.manifest.checking import checked
from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.finish import finish
from flowctl.manifest.index import Index
from flowctl.manifest.misplaced import belongs
from flowctl.manifest.reading.load import diagnostic
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.tenant import TENANT
from flowctl.text.reader import read
from flowctl.text.substitution import expander


def beside(
    documents: Sequence[Document],
    texts: Mapping[str, str],
    kinds: DocumentKinds = DOCUMENT_KINDS,
    tenant: str = "",
) -> tuple[list[Document], list[Diagnostic]]:
    """The documents in some texts, by file, and every problem that they have beside those of the workspace.

    No environment variable is set: what they hold is not needed to check a manifest. `tenant` is the tenant ID of the
    organization.
    """
    found: list[Diagnostic] = []
    new: list[Document] = []
    for file, text in texts.items():
        reading = read(text, expander({}, {}))
        found += [diagnostic(file, problem) for problem in reading.problems]
        for built in reading.documents:
            document, problems = finish(built, file, {}, has_lookalikes=False, kinds=kinds)
            found += problems
            if document is not None:
                needs_tenant = TENANT in text or kinds[document.kind].has_tenant
                new.append(replace(document, tenant=tenant) if needs_tenant else document)
    together = [*documents, *new]
    index = Index.of(together, (), partial(belongs, kinds))
    return new, [*found, *checked(together, index, found, kinds, frozenset(documents)).problems]
