//! How an owner lets frontdesk into their calendars.

use std::collections::BTreeMap;

use frontdesk::{
    calendar::{
        microsoft,
        oauth::{Attempt, Registration},
    },
    domain::external_calendar::CalendarError,
};
use secrecy::{ExposeSecret, SecretString};

use super::http;
use crate::support::{Microsoft, http::Failure};

const BACK: &str = "http://127.0.0.1:4000/";

fn registration(microsoft: &Microsoft) -> Registration {
    let settings: BTreeMap<&str, String> = microsoft.settings().into_iter().collect();
    assert_eq!(settings["--microsoft-api-url"], microsoft.api_url());
    microsoft::registration(
        settings["--microsoft-client-id"].clone(),
        Some(settings["--microsoft-client-secret"].clone().into()),
        microsoft.authorize_url().parse().unwrap(),
        settings["--microsoft-token-url"].parse().unwrap(),
    )
}

#[tokio::test]
async fn an_owner_who_agrees_grants_tokens_of_which_each_refresh_gives_new_ones() {
    let microsoft = Microsoft::start().await;
    let registration = registration(&microsoft);
    let attempt = Attempt::new().unwrap();
    let url = registration.authorization_url(&attempt, BACK);
    let answer = http().get(url).send().await.unwrap();
    let location: url::Url = answer.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let back: BTreeMap<String, String> = location.query_pairs().into_owned().collect();
    assert_eq!(back["state"], attempt.state.expose_secret());
    let code: SecretString = back["code"].clone().into();

    let grant = registration
        .exchange(&http(), &code, &attempt.verifier, BACK)
        .await
        .unwrap();
    assert_eq!(grant.missing(&registration), [""; 0]);
    let first = grant.refresh_token.unwrap();
    let second = registration
        .refresh(&http(), &first)
        .await
        .unwrap()
        .refresh_token
        .unwrap();
    assert_ne!(first.expose_secret(), second.expose_secret());
    // The old one is not taken away at once.
    for token in [&first, &second] {
        assert!(registration.refresh(&http(), token).await.is_ok());
    }
    // There is nothing that takes tokens back, but for the owner.
    assert_eq!(registration.revoke(&http(), &second).await, Ok(()));
    microsoft.revoke();
    let refused = registration.refresh(&http(), &second).await;
    assert_eq!(refused.unwrap_err(), CalendarError::Revoked);
    let token: SecretString = microsoft.refresh_token().into();
    microsoft.fail_next_token(&[Failure::new(400, "interaction_required")]);
    let refused = registration.refresh(&http(), &token).await;
    assert_eq!(refused.unwrap_err(), CalendarError::Revoked);
}
