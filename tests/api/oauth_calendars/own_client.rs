//! Google's and Microsoft's own Python clients against the stand-ins of the tests, so that these and our clients cannot agree by accident. They
//! take a Python with `google-api-python-client` and `msgraph-sdk` in `FRONTDESK_CALENDAR_PYTHON`; `.ci/run` brings one at night.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{
    Google, Microsoft,
    google::DOCUMENT,
    oauth::{CLIENT_ID, CLIENT_SECRET},
    python,
};

/// Runs a script of the folder `tests/calendar`.
async fn runs(script: &'static str, arguments: Vec<String>) {
    let Ok(python) = std::env::var("FRONTDESK_CALENDAR_PYTHON") else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar");
    let run = move || {
        let mut command = std::process::Command::new(python);
        python::run(command.arg(folder.join(script)).args(arguments))
    };
    assert_eq!(tokio::task::spawn_blocking(run).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn googles_own_client_gets_along_with_the_google_of_the_tests() {
    let google = Google::start().await;
    let mut arguments = vec![google.api_url(), google.token_url()];
    arguments.extend([CLIENT_ID, CLIENT_SECRET].map(str::to_owned));
    arguments.push(google.refresh_token());
    runs("google_client.py", arguments).await;
}

#[tokio::test]
async fn microsofts_own_client_gets_along_with_the_microsoft_of_the_tests() {
    let microsoft = Microsoft::start().await;
    let arguments = vec![microsoft.api_url(), microsoft.access_token()];
    runs("microsoft_client.py", arguments).await;
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
    let token = google.access_token();
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
