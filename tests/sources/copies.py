"""The copy of each documented page that was read and compared with the catalogue.

Compared were the IDs of the connection spec and the flow spec, the authentication types, the names of their parameters
and of those of the source, which of them the page calls optional, the data format, and the target connection.
"""

from collections.abc import Mapping
from typing import Final

PUBLISHED: Final = "2026-05-23"
"""The last update of the pages that were read as Adobe's site shows them."""

_PUBLISHED: Final[Mapping[str, str]] = {
    "advertising": "ads",
    "analytics": "mixpanel",
    "cloud-storage": (
        "adls-gen2 azure-file-storage blob eventhub ftp google-pubsub hdfs oracle-object-storage s3 sftp"
    ),
    "crm": "ms-dynamics salesforce veeva",
    "customer-success": "servicenow",
    "databases": (
        "ats bigquery data-explorer databricks greenplum hp-vertica ibm-db2 mariadb mysql redshift snowflake "
        "snowflake-streaming spark sql-server synapse-analytics teradata-vantage"
    ),
    "ecommerce": "sap-commerce shopify",
    "marketing-automation": "hubspot oracle-eloqua pathfactory salesforce-marketing-cloud",
    "payments": "square",
    "protocols": "odata",
}
"""Their names, by category."""

_AT_COMMITS: Final[Mapping[str, str]] = {
    "create/advertising/linkedin-ads": "6cca5a1030c205f6737550406b195541ec267dd0",
    "create/advertising/pinterest-ads": "29369980313ea2aeaddc5ddfb7726d1a423c369a",
    "create/analytics/pendo-webhook": "24691e3ded33c3af31fd0cee107f2f3ca898585f",
    "create/cloud-storage/data-landing-zone": "29f0fe8ea5b417a318f3b360e0151653be1b670e",
    "create/cloud-storage/google": "92af61791c0fe0c6266159f5645c82f30fad36a1",
    "create/cloud-storage/kinesis": "c3aba92a81fff7e45a90bfccd5aebcede9fda59b",
    "create/consent-and-preferences/onetrust": "7548a7ce041a2ad3f43c10148b094403d4090295",
    "create/crm/sugarcrm-accounts-contacts": "87619dbcbce6e5002dc59948665ac88bad5c4a3c",
    "create/crm/sugarcrm-events": "79ef812751990d355a7a6fde1930794fe04862f1",
    "create/crm/zoho": "88e6f084ce1b857f785c4c1721d514ac3b07e80b",
    "create/customer-success/oracle-service-cloud": "f0dd9742cfda7be9d9d059264291e82b7cd01d24",
    "create/customer-success/salesforce-service-cloud": "7930a869627130a5db34780e64b809cda0c1e5f4",
    "create/customer-success/zendesk": "f129c215ebc5dc169b9a7ef9b3faa3463ab413f3",
    "create/databases/cassandra": "7e9591b0b4a96481897bb1a839384fbf67df017b",
    "create/databases/couchbase": "93061c84639ca1fdd3f7abb1bbd050eb6eebbdd6",
    "create/databases/hive": "be1b6239d869a3ae0c2cfc83cdcb8255ac793caf",
    "create/databases/oracle": "aa5496be968ee6f117649a6fff2c9e83a4ed7681",
    "create/databases/phoenix": "991cd22bc28a72593512a36636806e6a8a4b2820",
    "create/databases/postgres": "f4200ca71479126e585ac76dd399af4092fdf683",
    "create/ecommerce/shopify-streaming": "84b2317022cbf5de85dc909f375cbfd8bf729737",
    "create/loyalty/capillary": "ea705896b4757f638562390be93094d9c7fdd92b",
    "create/loyalty/lava": "aa49d4695e99de6db16c9a22dad99c1e5064e248",
    "create/marketing-automation/chatlio-webhook": "f17ee4568d28f5f6aac115e9abaa34e09e2b9e2a",
    "create/marketing-automation/customerio-webhook": "28f29c2958c8ed0698381f3d4dd0ec0dba3641a1",
    "create/marketing-automation/mailchimp-campaign": "a94cf02a57bd91d2342b53ced7da98836343aa2b",
    "create/marketing-automation/mailchimp-members": "9510c3d524cd1d8bbc102073a4a49c10c230b8d1",
    "create/marketing-automation/oracle-netsuite-activities": "053cf0af327b39830f025686e0f8f67c27f1c45c",
    "create/marketing-automation/oracle-netsuite-entities": "053cf0af327b39830f025686e0f8f67c27f1c45c",
    "create/marketing-automation/oracle-responsys": "039bceb5ce6142ac3b6469f6ae3f8147160c6651",
    "create/payments/paypal": "532f814994270975483d4e88e9b3ec93dc5a5d48",
    "create/payments/stripe": "32d6d79cc566c377febddeff6dc5154f2cc53c8c",
    "create/protocols/generic-rest": "879bbd407d8056db7cf323530cd5ac60e5bd6d39",
    "create/streaming/http": "c3aba92a81fff7e45a90bfccd5aebcede9fda59b",
}
"""The pages that were read in the repository of Adobe's documentation, with the commit.

Four were read in a translation, which names the commit that it translates: Oracle, PostgreSQL, Salesforce Service Cloud
and Zendesk.
"""

COPIES: Final[Mapping[str, str]] = _AT_COMMITS | {
    f"create/{category}/{name}": PUBLISHED for category, names in _PUBLISHED.items() for name in names.split()
}
"""A date or a commit for each page."""
