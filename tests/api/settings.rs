//! Settings of the service: what stops the start, and that it names what is wrong and no secret.

use crate::support::{
    TestDatabase, database,
    operator::{complaint, frontdesk, with_environment},
};

#[tokio::test]
async fn a_wrong_setting_stops_the_start_and_names_itself_but_no_secret() {
    let database = TestDatabase::new().await;
    let url = database.url();
    let base = [
        ("DATABASE_URL", url.as_str()),
        ("VAPI_SECRET", "s3cret-of-the-test"),
    ];

    for (name, value, allowed) in [
        ("FRONTDESK_LISTEN", "everywhere", "127.0.0.1:8080"),
        ("FRONTDESK_ADMIN_LISTEN", "9090", "127.0.0.1:9090"),
        ("FRONTDESK_PUBLIC_URL", "calls.example.com", "https://"),
        ("FRONTDESK_POOL_SIZE", "0", "1 to 500"),
        ("FRONTDESK_STATEMENTS", "fast", "unnamed"),
        ("FRONTDESK_DEADLINE_MS", "1", "50 to 15000"),
        ("FRONTDESK_DRAIN_SECONDS", "61", "0 to 60"),
        ("FRONTDESK_TOOL_LOG_SECONDS", "46", "0 to 45"),
        ("FRONTDESK_PUBLIC_URL", "http://calls.example.com", "https"),
        ("FRONTDESK_LOG", "=:=", "info"),
        (
            "FRONTDESK_LOG",
            "verbose",
            "error, warn, info, debug, trace",
        ),
        ("FRONTDESK_LOG", "frontdesk=debug,loud", "trace"),
        ("FRONTDESK_LOG", "frontdesk=loud", "trace"),
        ("FRONTDESK_LOG_FORMAT", "xml", "json or pretty"),
        ("FRONTDESK_NOW", "yesterday", "2026-"),
        ("FRONTDESK_CONTROL_HOSTS", "https://vapi.ai", "*.vapi.ai"),
        ("VAPI_HMAC_ALGORITHM", "md5", "sha512"),
        ("VAPI_HMAC_SIGNATURE_ENCODING", "base58", "base64"),
        ("VAPI_HMAC_SECRET_IS_BASE64", "perhaps", "true or false"),
        ("TWILIO_ACCOUNT_SID", "123", "AC"),
        ("TWILIO_API_URL", "twilio", "https://"),
        ("TWILIO_API_URL", "http://twilio.example.com", "https"),
        ("TWILIO_FROM", "me", "+1303"),
        ("GOOGLE_API_URL", "google", "https://"),
        ("GOOGLE_TOKEN_URL", "http://google.example.com", "https"),
        ("GOOGLE_AUTHORIZE_URL", "ftp://google.example.com", "https"),
        ("MICROSOFT_API_URL", "graph", "https://"),
        ("MICROSOFT_TOKEN_URL", "http://login.example.com", "https"),
        ("MICROSOFT_AUTHORIZE_URL", "login", "https://"),
        ("CALENDLY_API_URL", "http://calendly.example.com", "https"),
        ("FRONTDESK_FALLBACK_NUMBER", "the boss", "+1303"),
        ("FRONTDESK_RESERVE_NUMBER", "the boss", "+1303"),
    ] {
        let mut environment = base.to_vec();
        environment.push((name, value));
        if name.starts_with("GOOGLE_") {
            environment.push(("GOOGLE_CLIENT_ID", "a-client"));
            environment.push(("GOOGLE_CLIENT_SECRET", "s3cret-of-the-client"));
        }
        if name.starts_with("MICROSOFT_") {
            environment.push(("MICROSOFT_CLIENT_ID", "a-client"));
        }
        let output = with_environment(&["serve"], &environment);
        assert!(!output.status.success(), "{name}={value}");
        let complaint = complaint(&output);
        for part in [name, value, allowed] {
            assert!(complaint.contains(part), "{name}={value}: {complaint}");
        }
        assert!(!complaint.contains("s3cret"), "{complaint}");
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_used_is_named_and_not_shown() {
    let output = with_environment(
        &["serve"],
        &[
            ("DATABASE_URL", "postgresql://u:p4ssword@localhost:port/x"),
            ("VAPI_SECRET", "s3cret-of-the-test"),
        ],
    );
    assert!(complaint(&output).contains("DATABASE_URL"));
    assert!(!complaint(&output).contains("p4ssword"));

    for (name, value, allowed) in [
        ("TWILIO_AUTH_TOKEN", "s3cret", "12 characters or more"),
        ("DATABASE_URL", " ", "is not set"),
        ("DATABASE_URL", "postgresql:///fresh", "a host is missing"),
    ] {
        let output = with_environment(
            &["serve"],
            &[
                ("DATABASE_URL", "postgresql://localhost/x"),
                ("VAPI_SECRET", "s3cret-of-the-test"),
                (name, value),
            ],
        );
        let complaint = complaint(&output);
        assert!(complaint.contains(name), "{complaint}");
        assert!(complaint.contains(allowed), "{complaint}");
        assert!(!complaint.contains("s3cret"), "{complaint}");
    }

    let output = with_environment(
        &["serve"],
        &[
            ("DATABASE_URL", "postgresql://localhost/x"),
            ("VAPI_HMAC_SECRET", "not base64 at all!"),
            ("VAPI_HMAC_SECRET_IS_BASE64", "true"),
        ],
    );
    assert!(complaint(&output).contains("VAPI_HMAC_SECRET"));
    assert!(!complaint(&output).contains("not base64 at all"));
}

#[test]
fn a_secret_that_could_be_guessed_is_refused_with_how_to_make_one() {
    for name in ["VAPI_SECRET", "VAPI_BEARER_TOKEN", "VAPI_HMAC_SECRET"] {
        for value in ["s", "a-long-secret-that-is-live,kurz"] {
            let output = with_environment(
                &["serve"],
                &[("DATABASE_URL", "postgresql://localhost/x"), (name, value)],
            );
            let complaint = complaint(&output);
            assert!(!output.status.success(), "{name}");
            for part in [name, "12 characters", "openssl rand -base64 32"] {
                assert!(complaint.contains(part), "{name}: {complaint}");
            }
            assert!(!complaint.contains("kurz"), "{complaint}");
        }
    }
}

#[tokio::test]
async fn without_a_secret_the_service_does_not_start() {
    let database = TestDatabase::new().await;
    let url = database.url();

    let output = with_environment(
        &["serve"],
        &[
            ("DATABASE_URL", &url),
            ("VAPI_SECRET", ""),
            ("FRONTDESK_LISTEN", "127.0.0.1:0"),
            ("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0"),
        ],
    );
    assert!(!output.status.success());
    assert!(
        complaint(&output).contains("VAPI_SECRET"),
        "{}",
        complaint(&output)
    );

    let output = with_environment(
        &["serve", "--insecure"],
        &[("DATABASE_URL", &url), ("FRONTDESK_LISTEN", "0.0.0.0:8080")],
    );
    assert!(!output.status.success());
    assert!(
        complaint(&output).contains("loopback"),
        "{}",
        complaint(&output)
    );
}

#[tokio::test]
async fn a_clock_that_stands_still_is_refused_where_others_can_reach_the_service() {
    let output = with_environment(
        &["serve"],
        &[
            ("DATABASE_URL", "postgresql://localhost/x"),
            ("VAPI_SECRET", "s3cret-of-the-test"),
            ("FRONTDESK_LISTEN", "0.0.0.0:8080"),
            ("FRONTDESK_NOW", "2026-11-23T08:00:00-07:00"),
        ],
    );

    assert!(!output.status.success());
    assert!(
        complaint(&output).contains("FRONTDESK_NOW"),
        "{}",
        complaint(&output)
    );
    assert!(
        complaint(&output).contains("loopback"),
        "{}",
        complaint(&output)
    );
}

#[tokio::test]
async fn a_database_that_is_behind_ahead_or_edited_stops_the_start() {
    let empty = database::empty().await;
    let serve = |url: &str| {
        with_environment(
            &["serve"],
            &[
                ("DATABASE_URL", url),
                ("VAPI_SECRET", "s3cret-of-the-test"),
                ("FRONTDESK_LISTEN", "127.0.0.1:0"),
                ("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0"),
            ],
        )
    };
    let behind = serve(&empty.url());
    assert!(!behind.status.success());
    assert!(
        complaint(&behind).contains("frontdesk migrate"),
        "{}",
        complaint(&behind)
    );

    let database = TestDatabase::new().await;
    database
        .run("insert into private.schema_releases (release, oldest_program) values ('999.0.0', '998.0.0')")
        .await;
    for command in [
        serve(&database.url()),
        frontdesk(&database.url(), &["migrate"]),
    ] {
        assert!(!command.status.success());
        assert!(
            complaint(&command).contains("ahead"),
            "{}",
            complaint(&command)
        );
    }

    let database = TestDatabase::new().await;
    database
        .run("update private.schema_files set checksum = 'x' where name like 'migrations/0003%'")
        .await;
    for command in [
        serve(&database.url()),
        frontdesk(&database.url(), &["migrate"]),
    ] {
        assert!(!command.status.success());
        assert!(
            complaint(&command).contains("edited"),
            "{}",
            complaint(&command)
        );
    }
}

#[test]
fn a_registration_with_google_has_both_its_halves() {
    for (given, missing) in [
        ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
        ("GOOGLE_CLIENT_SECRET", "GOOGLE_CLIENT_ID"),
    ] {
        let output = with_environment(
            &["serve"],
            &[
                ("DATABASE_URL", "postgresql://localhost/x"),
                ("VAPI_SECRET", "s3cret-of-the-test"),
                (given, "s3cret-of-google"),
            ],
        );
        let complaint = complaint(&output);
        assert!(!output.status.success(), "{given}");
        assert!(complaint.contains(missing), "{given}: {complaint}");
        assert!(!complaint.contains("s3cret"), "{complaint}");
    }
}
