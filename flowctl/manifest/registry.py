"""Every kind of document, in the order in which messages list them."""

from typing import Final

from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.documents.connection import CONNECTION
from flowctl.manifest.documents.data_type import DATA_TYPE
from flowctl.manifest.documents.dataset import DATASET
from flowctl.manifest.documents.field_group import FIELD_GROUP
from flowctl.manifest.documents.import_objects import IMPORT
from flowctl.manifest.documents.mapping_test import MAPPING_TEST
from flowctl.manifest.documents.namespace import NAMESPACE
from flowctl.manifest.documents.pipeline import PIPELINE
from flowctl.manifest.documents.policy import POLICY
from flowctl.manifest.documents.policy_test import POLICY_TEST
from flowctl.manifest.documents.schema import SCHEMA
from flowctl.manifest.documents.xdm_class import CLASS

DOCUMENT_KINDS: Final[DocumentKinds] = {
    kind.name: kind
    for kind in (
        CONNECTION,
        SCHEMA,
        DATASET,
        NAMESPACE,
        DATA_TYPE,
        CLASS,
        FIELD_GROUP,
        PIPELINE,
        MAPPING_TEST,
        POLICY,
        POLICY_TEST,
        IMPORT,
    )
}
