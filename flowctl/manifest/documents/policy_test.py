"""PolicyTest documents: entries of the policy input, and what rules must say about them."""

from typing import Final

from flowctl.manifest.document_kind import DocumentKind

POLICY_TEST: Final = DocumentKind(name="PolicyTest")
