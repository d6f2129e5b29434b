"""The changed values of an object in the words of its manifest."""

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.resource import Unknown
from flowctl.views.review.worded import changed_values


def test_what_only_follows_from_other_changes_hides_no_value_behind_it() -> None:
    follows = AttributeChange(
        steps=("sourceConnectionIds",), before=["old"], after=[Unknown(Address("p.source_connection"))]
    )
    own = AttributeChange(steps=("description",), before="a", after="b")
    change = Change(
        address=Address("p.flow"), action=Action.UPDATE, reason=Reason.ATTRIBUTES_CHANGED, attributes=(follows, own)
    )
    assert [(value.before, value.after) for value in changed_values(change)] == [('"a"', '"b"')]
