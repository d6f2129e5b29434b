"""What the pages of Adobe send to sign in and to read is what the catalogue describes, and all that it requires."""

import pytest

from flowctl.specs.catalogue import connector
from flowctl.specs.validate import auth_problems

SIGNS_IN = (
    (
        "azure-data-explorer",
        "Service Principal Based Authentication",
        "endpoint database tenant servicePrincipalId servicePrincipalKey",
    ),
    ("azure-synapse", "Connection String Based Authentication", "connectionString"),
    (
        "azure-synapse",
        "Service Principal Key Based Authentication",
        "server database tenant servicePrincipalId servicePrincipalKey",
    ),
    ("cassandra", "Basic Authentication", "host port username password"),
    ("couchbase", "Connection String Based Authentication", "connectionString"),
    ("databricks", "Access Token Authentication", "domain clusterId accessToken database"),
    ("event-hubs", "Azure EventHub authentication credentials", "sasKeyName sasKey namespace"),
    ("event-hubs", "Azure EventHub authentication credentials", "sasKeyName sasKey namespace eventHubName"),
    ("event-hubs", "Event Hub Azure Active Directory Auth", "tenantId clientId clientSecretValue namespace"),
    (
        "event-hubs",
        "Event Hub Scoped Azure Active Directory Auth",
        "tenantId clientId clientSecretValue namespace eventHubName",
    ),
    ("google-big-query", "Basic Authentication", "project clientId clientSecret refreshToken"),
    ("google-big-query", "Service Authentication", "projectId keyFileContent largeResultsDataSetId"),
    ("greenplum", "Basic Authentication", "connectionString"),
    ("hdfs", "Anonymous Authentication", "url"),
    ("hive", "HDInsights Basic Authentication", "connectionString"),
    ("hp-vertica", "Connection String Based Authentication", "connectionString"),
    ("ibm-db2", "Basic Authentication", "server database authenticationType username password"),
    ("linkedin-ads", "OAuth2 Refresh Code", "host accessToken"),
    ("mariadb", "Connection String Based Authentication", "connectionString"),
    ("mixpanel", "Basic Authentication", "host username password"),
    ("mixpanel", "Basic Authentication", "username password"),
    ("onetrust", "OAuth2 Refresh Code", "host accessToken"),
    ("oracle-eloqua", "Basic Authentication", "endpoint username password"),
    ("oracle-netsuite", "OAuth2 Client Credential", "clientId clientSecret accessTokenUrl accessToken"),
    ("oracle-responsys", "Basic Authentication", "endpoint clientId clientSecret"),
    ("oracle-service-cloud", "Basic Authentication", "host username password"),
    ("phoenix", "Basic Authentication", "host username password port httpPath enableSsl"),
    ("pinterest-ads", "OAuth2 Refresh Code", "accessToken"),
    ("salesforce-marketing-cloud", "Client-Id-Secret Based Authentication", "host clientId clientSecret"),
    ("salesforce-marketing-cloud", "OAuth2 Client Credential", "subdomain clientId clientSecret"),
    ("sap-commerce", "OAuth2 Client Credential", "region clientId clientSecret tokenEndpoint"),
    ("snowflake", "Basic Authentication for Snowflake", "connectionString"),
    ("snowflake", "ConnectionString", "connectionString"),
    ("snowflake", "KeyPair Authentication", "account username database privateKey privateKeyPassphrase warehouse"),
    ("snowflake", "KeyPair Authentication", "account username database privateKey warehouse"),
    ("spark", "HDInsights Basic Authentication", "host username password"),
    ("square", "OAuth2 Refresh Code", "host clientId clientSecret accessToken refreshToken"),
    ("sugarcrm", "OAuth2 Refresh Code", "host username password"),
    ("teradata-vantage", "ConnectionString", "connectionString"),
    ("veeva-crm", "Basic Authentication", "environmentUrl username password securityToken"),
    ("zendesk", "OAuth2 Refresh Code", "subdomain accessToken"),
)
READS = (
    ("chatlio-webhook", ""),
    ("customerio-webhook", ""),
    ("lava", ""),
    ("linkedin-ads", "accountIds campaignGroupIds campaignIds pivot"),
    ("mixpanel", "projectId timezone"),
    ("onetrust", ""),
    ("oracle-netsuite", ""),
    ("oracle-netsuite", "object_type"),
    ("pendo-webhook", ""),
    ("pinterest-ads", "ad_account_id object_type object_ids"),
    ("sap-commerce", "object_type"),
    ("sugarcrm", ""),
    ("sugarcrm", "object_type path"),
    ("zendesk", ""),
)


@pytest.mark.parametrize(("name", "spec_name", "params"), SIGNS_IN)
def test_what_a_page_sends_to_sign_in_is_accepted(name: str, spec_name: str, params: str) -> None:
    known = connector(name)
    spec = known.auth_spec(spec_name) if known else None
    assert known
    assert spec
    sent = {param: 443 if param == "port" else True if param == "enableSsl" else "text" for param in params.split()}
    assert list(auth_problems(spec, sent)) == []
    assert all(known.describes(spec_name, param) for param in sent)


@pytest.mark.parametrize(("name", "params"), READS)
def test_what_a_page_reads_is_described(name: str, params: str) -> None:
    known = connector(name)
    assert known
    assert set(known.source_schema.get("required", ())) <= set(params.split()) <= set(known.source_schema["properties"])
    assert known.formats == ("json",)
