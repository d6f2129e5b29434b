"""The pages of Adobe's sources tutorials that make objects, and what their requests send.

Written down apart from the catalogue, from the copies of the pages that `copies.py` names: names, not whole bodies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BASIC: Final = "Basic Authentication"
STRING: Final = "Connection String Based Authentication"
FILES, TABLES, REST = "CloudStorageToAEP", "CRMToAEP", "RestStorageToAEP"
STREAM: Final = "Steam data with transformation"
OPTIONAL: Final = "Stream data with optional transformation"
WEBHOOK: Final = "GenericStreamingAEP"


@dataclass(frozen=True, slots=True)
class Page:
    """The requests of one page, and of the page on which it goes on.

    `signs_in` has the parameters of each base connection, in one string, by the authentication type. `format` is empty
    if the source connection has no `data`. `remark` says where the requests are not sent as they are printed.
    """

    connector: str
    signs_in: tuple[tuple[str, str], ...]
    format: str
    reads: str
    flow_spec: str
    remark: str = ""
    maps: bool = True


def _files(connector: str, *signs_in: tuple[str, str]) -> Page:
    """A page that goes on with the one about cloud storage."""
    return Page(connector, signs_in, "delimited", "path type", FILES)


def _tables(connector: str, *signs_in: tuple[str, str], reads: str = "tableName columns", remark: str = "") -> Page:
    """A page that goes on with the one about its category, which reads a table."""
    return Page(connector, signs_in, "tabular", reads, TABLES, remark)


def _rest(connector: str, *signs_in: tuple[str, str], reads: str = "", remark: str = "", maps: bool = True) -> Page:
    """A page that has all its requests."""
    return Page(connector, signs_in, "json", reads, REST, remark, maps)


def _webhook(connector: str) -> Page:
    return Page(connector, (), "json", "", WEBHOOK)


_OAUTH: Final = "OAuth2 Refresh Code"
_CLIENT: Final = "OAuth2 Client Credential"
_CLIENT_SECRET: Final = "Client-Id-Secret Based Authentication"
_JWT: Final = "OAuth2 JWT Token Credential"
_SERVICE: Final = "Service Principal Key Based Authentication"
_SUGAR_ID: Final = (
    "Its base connection prints the ID of LinkedIn Ads, its target connection the one of the source; "
    "they are sent with their own."
)

PAGES: Final[Mapping[str, Page]] = {
    "create/advertising/ads": _tables(
        "google-ads",
        (
            BASIC,
            "clientCustomerID loginCustomerID developerToken refreshToken clientId clientSecret googleAdsApiVersion",
        ),
    ),
    "create/advertising/linkedin-ads": _rest(
        "linkedin-ads",
        (_OAUTH, "host accessToken"),
        reads="accountIds campaignGroupIds campaignIds pivot",
        remark="Its source and target connections print the ID of Mixpanel; they are sent with their own.",
    ),
    "create/advertising/pinterest-ads": _rest(
        "pinterest-ads",
        (_OAUTH, "accessToken"),
        reads="ad_account_id object_type object_ids",
        remark="Its source connection prints the ID of a template; it is sent with its own.",
    ),
    "create/analytics/mixpanel": _rest(
        "mixpanel",
        (BASIC, "username password"),
        reads="projectId timezone",
        remark="Its target connection prints the ID of Mixpanel; it is sent with the one of the data lake.",
    ),
    "create/analytics/pendo-webhook": _webhook("pendo-webhook"),
    "create/cloud-storage/adls-gen2": _files(
        "adls-gen2", ("Basic Authentication for adls-gen2", "url servicePrincipalId servicePrincipalKey tenant")
    ),
    "create/cloud-storage/azure-file-storage": _files("azure-file-storage", (BASIC, "host userId password")),
    "create/cloud-storage/blob": _files(
        "azure-blob",
        ("ConnectionString", "connectionString container folderPath"),
        ("SAS URI Authentication", "sasUri container folderPath"),
        (
            "Service Principal Based Authentication",
            "serviceEndpoint servicePrincipalId servicePrincipalKey accountKind tenant container folderPath",
        ),
    ),
    "create/cloud-storage/data-landing-zone": _files("data-landing-zone"),
    "create/cloud-storage/eventhub": Page(
        "event-hubs",
        (
            ("Azure EventHub authentication credentials", "sasKeyName sasKey namespace"),
            ("Azure EventHub authentication credentials", "sasKeyName sasKey namespace eventHubName"),
            ("Event Hub Azure Active Directory Auth", "tenantId clientId clientSecretValue namespace"),
            (
                "Event Hub Scoped Azure Active Directory Auth",
                "tenantId clientId clientSecretValue namespace eventHubName",
            ),
        ),
        "json",
        "eventHubName dataType reset consumerGroup",
        OPTIONAL,
    ),
    "create/cloud-storage/ftp": _files("ftp", ("Basic Authentication for FTP", "host userName password")),
    "create/cloud-storage/google": _files(
        "google-cloud-storage", ("Basic Authentication for google-cloud", "accessKeyId secretAccessKey")
    ),
    "create/cloud-storage/google-pubsub": Page(
        "google-pubsub",
        (
            ("Project Based Authentication", "projectId credentials"),
            ("Topic & Subscription Based Authentication", "credentials topicName subscriptionName"),
        ),
        "json",
        "topicName subscriptionName dataType",
        OPTIONAL,
    ),
    "create/cloud-storage/hdfs": _files("hdfs", ("Anonymous Authentication", "url")),
    "create/cloud-storage/kinesis": Page(
        "amazon-kinesis",
        (("Aws Kinesis authentication credentials", "accessKeyId secretKey region"),),
        "json",
        "stream dataType reset",
        OPTIONAL,
    ),
    "create/cloud-storage/oracle-object-storage": _files(
        "oracle-object-storage", ("Access Key", "serviceUrl accessKey secretKey bucketName folderPath")
    ),
    "create/cloud-storage/s3": _files(
        "amazon-s3", ("Access Key", "s3AccessKey s3SecretKey s3SessionToken"), ("IAMRole Based", "bucketName")
    ),
    "create/cloud-storage/sftp": _files(
        "sftp",
        (
            "Basic Authentication for sftp",
            "host port userName password maxConcurrentConnections folderPath disableChunking",
        ),
        (
            "SSH PublicKey Authentication for sftp",
            "host port userName privateKeyContent passPhrase maxConcurrentConnections folderPath disableChunking",
        ),
    ),
    "create/consent-and-preferences/onetrust": _rest("onetrust", (_OAUTH, "accessToken")),
    "create/crm/ms-dynamics": _tables(
        "microsoft-dynamics",
        ("Basic Authentication for Dynamics-Online", "serviceUri username password"),
        (_SERVICE, "serviceUri servicePrincipalId servicePrincipalKey"),
    ),
    "create/crm/salesforce": _tables(
        "salesforce",
        (_CLIENT, "environmentUrl clientId clientSecret apiVersion includeDeletedObjects"),
        (_JWT, "jwtToken clientId clientSecret instanceUrl"),
    ),
    "create/crm/sugarcrm-accounts-contacts": _rest(
        "sugarcrm", (_OAUTH, "host username password"), reads="object_type path", remark=_SUGAR_ID
    ),
    "create/crm/sugarcrm-events": _rest("sugarcrm", (_OAUTH, "host username password"), remark=_SUGAR_ID),
    "create/crm/veeva": _tables("veeva-crm", (BASIC, "environmentUrl username password securityToken")),
    "create/crm/zoho": _tables(
        "zoho-crm", (BASIC, "endpoint accountsUrl clientId clientSecret accessToken refreshToken")
    ),
    "create/customer-success/oracle-service-cloud": _tables("oracle-service-cloud", (BASIC, "host username password")),
    "create/customer-success/salesforce-service-cloud": _tables(
        "salesforce-service-cloud",
        (BASIC, "environmentUrl username password securityToken"),
        (_CLIENT, "environmentUrl clientId clientSecret apiVersion"),
        remark="Its table prints the ID of Salesforce, and older copies lose a digit; it is sent with its own.",
    ),
    "create/customer-success/servicenow": _tables("servicenow", (BASIC, "endpoint username password")),
    "create/customer-success/zendesk": _rest("zendesk", (_OAUTH, "subdomain accessToken")),
    "create/databases/ats": _tables("azure-table-storage", (STRING, "connectionString")),
    "create/databases/bigquery": _tables(
        "google-big-query",
        (BASIC, "project clientId clientSecret refreshToken"),
        ("Service Authentication", "projectId keyFileContent largeResultsDataSetId"),
        ("Service Authentication", "projectId keyFileContent datasetId"),
    ),
    "create/databases/cassandra": _tables("cassandra", (BASIC, "host port username password")),
    "create/databases/couchbase": _tables("couchbase", (STRING, "connectionString")),
    "create/databases/data-explorer": _tables(
        "azure-data-explorer",
        (
            "Service Principal Based Authentication",
            "endpoint database tenant servicePrincipalId servicePrincipalKey",
        ),
    ),
    "create/databases/databricks": _tables(
        "databricks", ("Access Token Authentication", "domain clusterId accessToken database")
    ),
    "create/databases/greenplum": _tables("greenplum", (BASIC, "connectionString")),
    "create/databases/hive": _tables("hive", ("HDInsights Basic Authentication", "connectionString")),
    "create/databases/hp-vertica": _tables("hp-vertica", (STRING, "connectionString")),
    "create/databases/ibm-db2": _tables("ibm-db2", (BASIC, "server database authenticationType username password")),
    "create/databases/mariadb": _tables(
        "mariadb", (STRING, "connectionString"), (BASIC, "server database username password sslMode")
    ),
    "create/databases/mysql": _tables(
        "mysql", (STRING, "connectionString"), (BASIC, "server port database username password sslMode")
    ),
    "create/databases/oracle": _tables(
        "oracle-db",
        ("ConnectionString", "connectionString"),
        (BASIC, "server port database username password schema sslMode"),
        remark="Its request on Amazon Web Services prints the ID of MySQL; it is sent with its own.",
    ),
    "create/databases/phoenix": _tables("phoenix", (BASIC, "host username password port httpPath enableSsl")),
    "create/databases/postgres": _tables(
        "postgresql", (STRING, "connectionString"), (BASIC, "server port database username password sslMode")
    ),
    "create/databases/redshift": _tables(
        "amazon-redshift",
        (BASIC, "server port username password database"),
        (BASIC, "server port username password database schema"),
    ),
    "create/databases/snowflake": _tables(
        "snowflake",
        ("ConnectionString", "connectionString"),
        ("KeyPair Authentication", "account username database privateKey warehouse"),
        ("KeyPair Authentication", "account username database privateKey privateKeyPassphrase warehouse"),
        (BASIC, "host port username password database warehouse schema"),
    ),
    "create/databases/snowflake-streaming": Page(
        "snowflake-streaming",
        (("Basic Authentication for Snowflake", "account database warehouse username password schema role"),),
        "",
        "tableName timestampColumn backfill timezoneValue",
        STREAM,
    ),
    "create/databases/spark": _tables("spark", ("HDInsights Basic Authentication", "host username password")),
    "create/databases/sql-server": _tables("sql-server", (STRING, "connectionString")),
    "create/databases/synapse-analytics": _tables(
        "azure-synapse",
        (STRING, "connectionString"),
        (_SERVICE, "server database tenant servicePrincipalId servicePrincipalKey"),
    ),
    "create/databases/teradata-vantage": _tables("teradata-vantage", ("ConnectionString", "connectionString")),
    "create/ecommerce/sap-commerce": _rest(
        "sap-commerce",
        (_CLIENT, "region clientId clientSecret tokenEndpoint"),
        reads="object_type",
        remark="Its source connections print the ID of SugarCRM; they are sent with its own.",
    ),
    "create/ecommerce/shopify": _tables(
        "shopify", ("Access Token Based", "host accessToken"), (BASIC, "host accessToken")
    ),
    "create/ecommerce/shopify-streaming": _webhook("shopify-streaming"),
    "create/loyalty/lava": _webhook("lava"),
    "create/marketing-automation/chatlio-webhook": _webhook("chatlio-webhook"),
    "create/marketing-automation/customerio-webhook": _webhook("customerio-webhook"),
    "create/marketing-automation/hubspot": _tables(
        "hubspot", (BASIC, "clientId clientSecret accessToken refreshToken"), reads="path"
    ),
    "create/marketing-automation/mailchimp-campaign": _rest(
        "mailchimp-campaign",
        (BASIC, "authorizationTestUrl username password"),
        ("oAuth2RefreshCode", "authorizationTestUrl accessToken"),
        reads="campaignId",
        maps=False,
    ),
    "create/marketing-automation/mailchimp-members": _rest(
        "mailchimp-members",
        (BASIC, "authorizationTestUrl username password"),
        ("oAuth2RefreshCode", "authorizationTestUrl accessToken"),
        reads="listId",
    ),
    "create/marketing-automation/oracle-eloqua": _tables("oracle-eloqua", (BASIC, "endpoint username password")),
    "create/marketing-automation/oracle-netsuite-activities": _rest(
        "oracle-netsuite", (_CLIENT, "clientId clientSecret accessTokenUrl accessToken")
    ),
    "create/marketing-automation/oracle-netsuite-entities": _rest(
        "oracle-netsuite", (_CLIENT, "clientId clientSecret accessTokenUrl accessToken"), reads="object_type"
    ),
    "create/marketing-automation/oracle-responsys": _tables(
        "oracle-responsys", (BASIC, "endpoint clientId clientSecret")
    ),
    "create/marketing-automation/salesforce-marketing-cloud": _tables(
        "salesforce-marketing-cloud",
        (_CLIENT_SECRET, "host clientId clientSecret"),
        (_CLIENT, "subdomain clientId clientSecret"),
    ),
    "create/payments/paypal": _tables("paypal", (_CLIENT_SECRET, "host clientId clientSecret")),
    "create/payments/square": _tables("square", (_OAUTH, "host clientId clientSecret accessToken refreshToken")),
    "create/payments/stripe": _rest("stripe", (_OAUTH, "accessToken"), reads="resourcePath"),
    "create/protocols/generic-rest": _rest(
        "generic-rest", ("oAuth2RefreshCode", "host accessToken"), (BASIC, "host username password")
    ),
    "create/protocols/odata": _tables("generic-odata", ("Anonymous Authentication", "url")),
    "create/streaming/http": Page(
        "http-api",
        (
            ("Streaming Connection", "dataType"),
            ("Streaming Connection", "sourceId dataType name authenticationRequired"),
        ),
        "",
        "",
        STREAM,
    ),
}

WITHOUT: Final[Mapping[str, str]] = {
    "create/loyalty/capillary": "It prints the ID of a template and none of its own.",
    "create/marketing-automation/pathfactory": "It prints the ID of Salesforce Marketing Cloud and none of its own.",
}
"""Pages without a connector, and why."""

ELSEWHERE: Final[Mapping[str, str]] = {
    "marketo-engage": "It has no page with requests that create it; the page about filters has its ID, its table and "
    "its columns.",
}
"""Connectors that no page creates, and what their facts come from."""
