//! Tokens, client secrets, verifiers and codes are in no log, however much is logged. That of a CalDAV password is told in `privacy`.

use serde_json::{Value, json};

use crate::support::{
    Google, Microsoft, Provider, TestDatabase,
    app::{ASSISTANT_ID, NOW, ORGANIZATION, PHONE_NUMBER_ID},
    consent, eventually,
    oauth::CLIENT_SECRET,
    process::Process,
};

/// All that a provider was told or told that nobody else may know.
fn secrets(provider: &Provider) -> Vec<String> {
    let mut secrets = vec![CLIENT_SECRET.to_owned()];
    let requests = provider.requests();
    for request in &requests {
        for name in ["code", "code_verifier", "refresh_token", "token"] {
            secrets.extend(request.body[name].as_str().map(str::to_owned));
        }
        let bearer = request.headers.get("authorization");
        secrets.extend(bearer.map(|header| header.trim_start_matches("Bearer ").to_owned()));
    }
    for kind in ["4/code", "1//refresh", "ya29.access"] {
        assert!(
            secrets.iter().any(|secret| secret.starts_with(kind)),
            "{kind}"
        );
    }
    let verifiers = requests
        .iter()
        .map(|request| &request.body["code_verifier"]);
    assert!(verifiers.filter(|verifier| verifier.is_string()).count() == 1);
    secrets
}

async fn reads(database: &TestDatabase) {
    database
        .run(&format!(
            "update private.calendar_links set due_at = '{NOW}'"
        ))
        .await;
    eventually("the calendar is read", async || {
        let due: i64 = database
            .value(&format!(
                "select (select count(*) from private.calendar_links where due_at <= '{NOW}' or claimed_until is not null)
                      + (select count(*) from private.calendar_copies where due_at <= '{NOW}' or claimed_until is not null)"
            ))
            .await;
        (due == 0).then_some(())
    })
    .await;
}

async fn nothing_is_logged(provider: &Provider) {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let mut environment = provider.environment();
    environment.push(("FRONTDESK_LOG".to_owned(), "trace".to_owned()));
    let public = "https://calls.example.com";
    environment.push(("FRONTDESK_PUBLIC_URL".to_owned(), public.to_owned()));
    let borrowed: Vec<(&str, &str)> = environment
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let process = Process::start(&database, &borrowed).await;
    provider.reaches(process.port);
    // The browser is sent back to the service.
    let browser = async |page: &str| {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.build().unwrap();
        let answer = http.get(page).send().await.unwrap();
        let back = answer.headers()["location"].to_str().unwrap();
        let here = format!("http://127.0.0.1:{}", process.port);
        let answer = http.get(back.replace(public, &here)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    };
    let place = (&*database.url(), NOW);
    let (linked, mut log) = consent::run(place, provider, environment.clone(), &[], browser).await;
    assert!(linked["link"].is_string(), "{linked}");

    let message = json!({ "message": {
        "type": "tool-calls",
        "call": {
            "id": "call-1", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID,
            "customer": { "number": "+13035550123" },
        },
        "toolCallList": [{ "id": "a", "name": "book_appointment", "arguments": {
            "customer_name": "Maria Lopez", "service_address": "12 Elm Street", "date": "2026-12-01T10:00",
        } }],
    }});
    process.replies(&message).await;
    reads(&database).await;
    provider.expire_access_tokens();
    reads(&database).await;
    let given = provider.refresh_tokens();
    // One that is refused, and what OAuth says then.
    provider.revoke();
    reads(&database).await;
    let state: String = database
        .value("select state from private.calendar_accounts")
        .await;
    assert_eq!(state, "revoked");

    log.extend(process.log().iter().map(Value::to_string));
    assert!(
        log.iter().any(|line| line.contains("TRACE")),
        "it says all it can"
    );
    assert!(
        log.iter()
            .any(|line| line.contains("read a linked calendar"))
    );
    for secret in secrets(provider).into_iter().chain(given) {
        let told = log.iter().find(|line| line.contains(&secret));
        assert!(told.is_none(), "{secret} is in the log: {told:?}");
    }
}

#[tokio::test]
async fn nothing_that_opens_an_account_at_google_is_logged() {
    nothing_is_logged(&*Google::start().await).await;
}

#[tokio::test]
async fn nothing_that_opens_an_account_at_microsoft_is_logged() {
    nothing_is_logged(&*Microsoft::start().await).await;
}
