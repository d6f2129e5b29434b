"""Every kind of document, in the order in which messages list them."""

from typing import Final

from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.documents.connection import CONNECTION
from flowctl.manifest.documents.dataset import DATASET
from flowctl.manifest.documents.import_objects import IMPORT
from flowctl.manifest.documents.mapping_test import MAPPING_TEST
from flowctl.manifest.documents.pipeline import PIPELINE
from flowctl.manifest.documents.policy import POLICY
from flowctl.manifest.documents.policy_test import POLICY_TEST
from flowctl.manifest.documents.schema import SCHEMA

DOCUMENT_KINDS: Final[DocumentKinds] = {
    kind.name: kind for kind in (CONNECTION, SCHEMA, DATASET, PIPELINE, MAPPING_TEST, POLICY, POLICY_TEST, IMPORT)
}
