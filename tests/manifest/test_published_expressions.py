# ruff: noqa: E501 - tables read better in long lines
"""Expressions that Adobe publishes in tutorials and mapping tables: none of them is an error."""

import pytest

from flowctl.dataprep.advice import advice
from flowctl.manifest.checks.mapping_rules import RULES
from flowctl.model.diagnostic import Severity


@pytest.mark.parametrize(
    "expression",
    [
        "iif(AccountId != null && AccountId != \"\", to_object(\"sourceType\", \"Salesforce\", \"sourceInstanceID\", "
        "\"${CRM_ORG_ID}\", \"sourceKey\", concat(AccountId,\"@${CRM_ORG_ID}.Salesforce\")), null)",
        "concat(Id,\"@${CRM_ORG_ID}.Salesforce\")",
        "\"Salesforce\"",
        "iif(${web\\.ecid} != null, to_object('ECID', arrays_to_objects('id', explode(last(split(${web\\.ecid}, \":\")), "
        "\" \"))), null)",
        "iif(unsubscribed == 'true', 'n', 'y' )",
        "decode(sfdcType, \"Contact\", sfdcContactId, \"Lead\", sfdcLeadId , \"\")",
        "date_part(\"mm\",date(birth_Date)).toString()",
        "iif(${segmentMembership.ups.seg_id.status}==\"exited\",\"1\",\"0\")",
    ],
)  # fmt: skip
def test_a_published_expression_is_no_error(expression):
    assert [problem for problem in advice(expression) if RULES[problem.code].severity is Severity.ERROR] == []
