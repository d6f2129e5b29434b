"""A new field group from a sample file, or from the CSV template of Schema Registry."""

from collections.abc import Sequence

from flowctl.manifest.declared_fields import is_name
from flowctl.manifest.document import Manifests
from flowctl.manifest.documents.field_group import FIELD_GROUP
from flowctl.manifest.documents.xdm_class import CLASS
from flowctl.model.drafted import DraftedField, DraftedFieldGroup
from flowctl.model.errors import FlowctlError
from flowctl.operations.drafting.field_group import FieldDraft, draft_text
from flowctl.operations.drafting.proposed_groups import WantedGroup, proposed_groups
from flowctl.operations.new_manifest import (
    editor_line,
    folder_for,
    plain_name,
    require_free,
    require_name,
    write_manifest,
)
from flowctl.settings.workspace import Workspace
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest, quoted


def new_field_group(workspace: Workspace, manifests: Manifests, wanted: WantedGroup) -> DraftedFieldGroup:
    """Write `schemas/NAME.yaml`. Raises FlowctlError for a wrong choice, an unfit file or one in the way."""
    if wanted.name:
        require_name(wanted.name, "field group")
    _require_classes(manifests, wanted.extends)
    name = wanted.name or plain_name(wanted.file.name.partition(".")[0]) or "fields"
    proposal = proposed_groups(wanted, name)
    for draft in proposal.drafts:
        require_free(manifests, FIELD_GROUP.name, draft.name)
    folder = folder_for("schemas", workspace.manifests)
    text = draft_text(proposal.drafts, editor_line(workspace.root, folder))
    return DraftedFieldGroup(
        name=proposal.drafts[0].name,
        file=write_manifest(workspace.root, folder, name, text),
        rows=proposal.rows,
        fields=tuple(_drafted(draft.name, each) for draft in proposal.drafts for each in draft.fields),
        skipped=proposal.skipped,
        notes=proposal.notes,
    )


def _drafted(group: str, each: FieldDraft) -> DraftedField:
    type_ = str(each.members.get("type") or each.members.get("ref"))
    return DraftedField(group=group, source=each.source, path=each.path, type=type_, note=each.note)


def _require_classes(manifests: Manifests, extends: Sequence[str]) -> None:
    known = sorted(each.name for each in manifests.documents if each.kind == CLASS.name)
    for each in extends:
        if is_name(each) and each not in known:
            listed = f"Known Classes: {all_of(codes(known))}." if known else "The workspace has no Class document."
            raise FlowctlError.because(
                "unknown-schema",
                f"there is no Class named {quoted(each)}",
                detail=listed,
                hint=did_you_mean(nearest(each, known), "Use `--extends` with the name of a Class document or a $id."),
            )
