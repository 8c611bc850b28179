//! Organizations' credentials: encrypted in the database, whoever wrote them, and with keys that can be changed.

use std::process::Output;

use frontdesk::keyring::{Keyring, Place, Sealed};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase,
    app::{ORGANIZATION_ID, SECRETS_KEY},
    eventually,
    operator::{complaint, printed, with_input},
};

const NEWER_KEY: &str = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

/// Runs the program with these keys and this on its standard input.
fn frontdesk(database: &TestDatabase, keys: &str, arguments: &[&str], input: &str) -> Output {
    let environment = [
        ("DATABASE_URL", database.url()),
        ("FRONTDESK_SECRETS_KEY", keys.to_owned()),
    ];
    let environment = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    with_input(arguments, &environment, input)
}

/// A stored credential, opened with these keys.
async fn opened(database: &TestDatabase, name: &str, keys: &str) -> Option<String> {
    let row = database
        .object(&format!(
            "select secret, key_id from private.organization_secrets where name = '{name}'"
        ))
        .await;
    let sealed = Sealed {
        text: row["secret"].as_str()?.to_owned(),
        key_id: row["key_id"].as_str()?.to_owned(),
    };
    let place = Place {
        organization_id: ORGANIZATION_ID,
        name,
    };
    let keyring = Keyring::read(&[SecretString::from(keys)]).unwrap();
    let secret = keyring.open(place, &sealed).ok()?;
    Some(secret.expose_secret().to_owned())
}

#[tokio::test]
async fn what_a_dashboard_writes_in_plain_text_is_sealed_by_the_service() {
    let app = TestApp::start().await;
    app.database
        .run("update organizations set twilio_auth_token = 's3cret', byo_sip_credentials = '{\"password\": \"s3cret\"}'")
        .await;

    let token = eventually("the token to be sealed", async || {
        opened(&app.database, "twilio_auth_token", SECRETS_KEY).await
    })
    .await;
    let trunk = eventually("the trunk to be sealed", async || {
        opened(&app.database, "byo_sip_credentials", SECRETS_KEY).await
    })
    .await;

    assert_eq!(token, "s3cret");
    assert_eq!(
        serde_json::from_str::<Value>(&trunk).unwrap(),
        json!({ "password": "s3cret" })
    );
    let plain: i64 = app
        .database
        .value(
            "select (select count(*) from organizations as o where to_jsonb(o)::text like '%s3cret%')
                 + (select count(*) from private.organization_secrets where secret like '%s3cret%')
                 + (select count(*) from audit_log as l where to_jsonb(l)::text like '%s3cret%')",
        )
        .await;
    assert_eq!(plain, 0);
}

#[tokio::test]
async fn what_was_written_before_the_service_started_is_sealed_when_it_starts() {
    let builder = TestApp::builder().await;
    builder
        .database()
        .run("update organizations set calendly_api_key = 's3cret'")
        .await;

    let app = builder.start().await;

    assert_eq!(
        opened(&app.database, "calendly_api_key", SECRETS_KEY)
            .await
            .as_deref(),
        Some("s3cret")
    );
}

#[tokio::test]
async fn nothing_is_sealed_in_a_database_of_another_schema() {
    let builder = TestApp::builder().await;
    let database = builder.database();
    database
        .run("update organizations set calendly_api_key = 's3cret'; update private.schema_files set checksum = 'another' where name like 'migrations/0001%'")
        .await;
    let url = database.service_url();

    let second = TestApp::builder().await.database_url(&url);
    assert!(second.try_start().await.is_err());

    let kept = database
        .connect()
        .await
        .query_one("select count(*) from private.unsealed_organizations()", &[])
        .await
        .unwrap();
    assert_eq!(kept.get::<_, i64>(0), 1);
}

#[tokio::test]
async fn an_operator_sets_a_credential_from_standard_input_and_removes_it() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let id = ORGANIZATION_ID.to_string();
    let set = ["org", "set-secret", &id, "twilio-auth-token"];

    let said = printed(&frontdesk(&database, SECRETS_KEY, &set, "s3cret\n"));
    assert!(!said.contains("s3cret"), "{said}");
    assert_eq!(
        opened(&database, "twilio_auth_token", SECRETS_KEY)
            .await
            .as_deref(),
        Some("s3cret")
    );

    for (keys, name, input, allowed) in [
        (
            "",
            "twilio-auth-token",
            "s3cret",
            "frontdesk secrets new-key",
        ),
        (SECRETS_KEY, "twilio-auth-token", " \n", "remove-secret"),
        (SECRETS_KEY, "byo-sip-credentials", "s3cret", "JSON object"),
        (SECRETS_KEY, "password", "s3cret", "twilio-auth-token"),
        ("c2hvcnQ=", "twilio-auth-token", "s3cret", "32 random bytes"),
    ] {
        let complaint = complaint(&frontdesk(
            &database,
            keys,
            &["org", "set-secret", &id, name],
            input,
        ));
        assert!(complaint.contains(allowed), "{complaint}");
        assert!(!complaint.contains("s3cret"), "{complaint}");
    }
    let nobody = "00000000-0000-4000-8000-000000000000";
    let complaint = complaint(&frontdesk(
        &database,
        SECRETS_KEY,
        &["org", "set-secret", nobody, "twilio-auth-token"],
        "s3cret",
    ));
    assert!(complaint.contains("no organization"), "{complaint}");

    let remove = ["org", "remove-secret", &id, "twilio-auth-token"];
    printed(&frontdesk(&database, SECRETS_KEY, &remove, ""));
    let left: i64 = database
        .value("select count(*) from private.organization_secrets")
        .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_key_is_replaced_without_a_moment_in_which_nothing_opens() {
    let builder = TestApp::builder().await;
    let database = builder.database();
    database
        .run(&format!(
            "insert into private.webhook_credentials (organization_id, secret) values ('{ORGANIZATION_ID}', 'own');
             update organizations set twilio_auth_token = 's3cret'"
        ))
        .await;
    let app = builder.start().await;
    let both = format!("{NEWER_KEY},{SECRETS_KEY}");

    let refused = frontdesk(&app.database, NEWER_KEY, &["secrets", "rotate"], "");
    assert!(complaint(&refused).contains("nothing was changed"));
    let said = printed(&frontdesk(&app.database, &both, &["secrets", "rotate"], ""));
    assert!(said.starts_with("Sealed 2 credentials"), "{said}");
    let again = printed(&frontdesk(&app.database, &both, &["secrets", "rotate"], ""));
    assert!(again.starts_with("Sealed 0 credentials"), "{again}");

    assert_eq!(
        opened(&app.database, "twilio_auth_token", NEWER_KEY)
            .await
            .as_deref(),
        Some("s3cret")
    );
    assert_eq!(
        opened(&app.database, "twilio_auth_token", SECRETS_KEY).await,
        None
    );
}

#[tokio::test]
async fn a_service_that_has_no_secret_and_whose_key_opens_none_does_not_start() {
    let first = TestApp::builder().await;
    first
        .database()
        .run(&format!(
            "insert into private.webhook_credentials (organization_id, secret) values ('{ORGANIZATION_ID}', 'own')"
        ))
        .await;
    let app = first.start().await;
    let url = app.database.service_url();

    for key in [NEWER_KEY, ""] {
        let second = TestApp::builder()
            .await
            .database_url(&url)
            .setting("--secrets-key", key)
            .try_start()
            .await;
        let reason = second.err().unwrap();
        let reasons = format!("{reason}: {}", reason.source().unwrap());
        assert!(reasons.contains("FRONTDESK_SECRETS_KEY"), "{reasons}");
        assert!(reasons.contains(&ORGANIZATION_ID.to_string()), "{reasons}");
    }
}

#[tokio::test]
async fn a_new_key_is_one_that_can_be_used() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let key = printed(&frontdesk(&database, "", &["secrets", "new-key"], ""));
    let other = printed(&frontdesk(&database, "", &["secrets", "new-key"], ""));
    assert_ne!(key, other);

    let id = ORGANIZATION_ID.to_string();
    let set = ["org", "set-secret", &id, "google-refresh-token"];
    printed(&frontdesk(&database, key.trim(), &set, "s3cret"));

    assert_eq!(
        opened(&database, "google_refresh_token", key.trim())
            .await
            .as_deref(),
        Some("s3cret")
    );
}
