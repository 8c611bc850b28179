//! Google's own Python client against the Google of the tests, so that this one and our client cannot agree by accident. It takes a Python
//! with `google-api-python-client` in `FRONTDESK_GOOGLE_PYTHON`; `.ci/run` brings one at night.

use std::{path::Path, process::Stdio};

use serde_json::{Value, json};

use crate::support::{
    Google,
    google::DOCUMENT,
    oauth::{CLIENT_ID, CLIENT_SECRET},
};

#[tokio::test]
async fn googles_own_client_gets_along_with_the_google_of_the_tests() {
    let Ok(python) = std::env::var("FRONTDESK_GOOGLE_PYTHON") else {
        return;
    };
    let google = Google::start().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar/google_client.py");
    let output = tokio::process::Command::new(python)
        .arg(script)
        .arg(google.api_url())
        .arg(google.token_url())
        .args([CLIENT_ID, CLIENT_SECRET, &google.refresh_token()])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    assert!(text(&output.stdout).contains("passed"));
}

#[test]
fn the_scopes_allow_all_that_is_asked() {
    let scopes: Vec<&str> = frontdesk::calendar::google::SCOPES
        .iter()
        .map(|scope| scope.rsplit('/').next().unwrap())
        .collect();
    for (name, method) in DOCUMENT.methods() {
        assert!(
            scopes.iter().any(|scope| method.scopes.contains(*scope)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn what_googles_document_does_not_know_is_refused() {
    let google = Google::start().await;
    let token = google.access_token(None);
    let events = format!("{}/calendars/primary/events", google.api_url());
    let get = |query: &str| super::http().get(format!("{events}?{query}"));
    let post = |body: &Value| super::http().post(&events).json(body);
    let cases = [
        (
            get("singleEvents=true&maxEvents=1"),
            "events.list: there is no parameter maxEvents",
        ),
        (
            get("fields=items(id,title)"),
            "events.list: Invalid field selection title",
        ),
        (
            get("fields=items(id"),
            "events.list: Invalid field selection items(id",
        ),
        (
            post(&json!({ "title": "A" })),
            "events.insert: there is no field Event.title",
        ),
        (
            post(&json!({ "start": { "time": "A" } })),
            "events.insert: there is no field Event.start.time",
        ),
        (
            post(&json!({ "locked": "A" })),
            "events.insert: Event.locked must not be a string",
        ),
        (
            super::http().put(&events),
            "there is no request PUT /calendar/v3/calendars/primary/events",
        ),
    ];
    for (request, complaint) in cases {
        let answer = request.bearer_auth(&token).send().await.unwrap();
        assert!(answer.status().is_client_error());
        assert_eq!(google.complaints(), [complaint]);
    }
}
