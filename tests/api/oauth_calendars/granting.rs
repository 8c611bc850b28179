//! How an owner lets frontdesk into their calendars, and what becomes of the tokens.

use std::time::Duration;

use frontdesk::{
    calendar::{
        google, microsoft,
        oauth::{Attempt, Registration},
    },
    domain::external_calendar::CalendarError,
};
use secrecy::{ExposeSecret, SecretString};

use super::{google_client_with, http};
use crate::support::{Google, Microsoft, Provider, http::Failure, oauth::CLIENT_SECRET};

const BACK: &str = "http://127.0.0.1:4000/";

fn registration(google: &Google) -> Registration {
    let [id, secret, url, token_url, _] = settings(google);
    assert_eq!(url, google.api_url());
    google::registration(
        id,
        secret.into(),
        authorize_url(google),
        token_url.parse().unwrap(),
    )
}

fn microsofts_registration(microsoft: &Microsoft) -> Registration {
    let [id, secret, url, token_url, _] = settings(microsoft);
    assert_eq!(url, microsoft.api_url());
    let (secret, token_url) = (Some(secret.into()), token_url.parse().unwrap());
    microsoft::registration(id, secret, authorize_url(microsoft), token_url)
}

fn settings(provider: &Provider) -> [String; 5] {
    let values = provider.settings().into_iter().map(|(_, value)| value);
    values.collect::<Vec<_>>().try_into().unwrap()
}

fn authorize_url(provider: &Provider) -> url::Url {
    provider.authorize_url().parse().unwrap()
}

/// The owner is asked; where they are sent back, with the parameters.
async fn asked(registration: &Registration, attempt: &Attempt) -> Vec<(String, String)> {
    let url = registration.authorization_url(attempt, BACK);
    let answer = http().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(BACK));
    let location: url::Url = location.parse().unwrap();
    location.query_pairs().into_owned().collect()
}

fn parameter(back: &[(String, String)], name: &str) -> Option<SecretString> {
    let found = back.iter().find(|(known, _)| known == name)?;
    Some(found.1.clone().into())
}

#[tokio::test]
async fn an_owner_who_agrees_grants_tokens_that_can_be_refreshed_and_taken_back() {
    let google = Google::start().await;
    let registration = registration(&google);
    let attempt = Attempt::new().unwrap();
    let back = asked(&registration, &attempt).await;
    let state = parameter(&back, "state").unwrap();
    assert_eq!(state.expose_secret(), attempt.state.expose_secret());
    let code = parameter(&back, "code").unwrap();

    let grant = registration
        .exchange(&http(), &code, &attempt.verifier, BACK)
        .await
        .unwrap();

    assert_eq!(grant.expires_in, Duration::from_secs(3_599));
    assert_eq!(grant.missing(&registration), [""; 0]);
    let refresh_token = grant.refresh_token.unwrap();
    assert_eq!(google.refresh_tokens(), [refresh_token.expose_secret()]);
    let client = google_client_with(&google, grant.access_token.expose_secret());
    assert_eq!(client.calendars().await.unwrap().len(), 1);

    google.expire_access_tokens();
    assert_eq!(client.calendars().await, Err(CalendarError::Unauthorized));
    let grant = registration.refresh(&http(), &refresh_token).await.unwrap();
    assert!(grant.refresh_token.is_none());
    let client = google_client_with(&google, grant.access_token.expose_secret());
    assert_eq!(client.calendars().await.unwrap().len(), 1);

    // Once taken back, it can be taken back again.
    for _ in 0..2 {
        assert_eq!(registration.revoke(&http(), &refresh_token).await, Ok(()));
    }
    let refused = registration.refresh(&http(), &refresh_token).await;
    assert_eq!(refused.unwrap_err(), CalendarError::Revoked);
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier_and_nothing_twice() {
    let google = Google::start().await;
    let registration = registration(&google);
    let attempt = Attempt::new().unwrap();
    let other = Attempt::new().unwrap();
    assert_ne!(
        attempt.verifier.expose_secret(),
        other.verifier.expose_secret()
    );
    let code = parameter(&asked(&registration, &attempt).await, "code").unwrap();
    let stolen = registration
        .exchange(&http(), &code, &other.verifier, BACK)
        .await;
    assert_eq!(stolen.unwrap_err(), CalendarError::Revoked);
    let again = registration
        .exchange(&http(), &code, &attempt.verifier, BACK)
        .await;
    assert_eq!(again.unwrap_err(), CalendarError::Revoked);

    let code = parameter(&asked(&registration, &attempt).await, "code").unwrap();
    let elsewhere = "http://127.0.0.1:4001/";
    let moved = registration
        .exchange(&http(), &code, &attempt.verifier, elsewhere)
        .await;
    let expected = CalendarError::Misconfigured("redirect_uri_mismatch");
    assert_eq!(moved.unwrap_err(), expected);
}

#[tokio::test]
async fn an_owner_can_say_no_or_tick_less() {
    let google = Google::start().await;
    let registration = registration(&google);
    let attempt = Attempt::new().unwrap();
    google.tick_only("calendar.events.freebusy calendar.calendarlist.readonly");
    let code = parameter(&asked(&registration, &attempt).await, "code").unwrap();
    let grant = registration
        .exchange(&http(), &code, &attempt.verifier, BACK)
        .await
        .unwrap();
    let missing = "https://www.googleapis.com/auth/calendar.events.owned";
    assert_eq!(grant.missing(&registration), [missing]);

    google.deny();
    let back = asked(&registration, &attempt).await;
    assert!(parameter(&back, "code").is_none());
    assert_eq!(
        parameter(&back, "error").unwrap().expose_secret(),
        "access_denied"
    );
}

#[tokio::test]
async fn a_refresh_token_that_rotates_is_replaced() {
    let google = Google::start().await;
    google.rotate_refresh_tokens();
    let registration = registration(&google);
    let first: SecretString = google.refresh_token().into();
    let grant = registration.refresh(&http(), &first).await.unwrap();
    let second = grant.refresh_token.unwrap();
    let refused = registration.refresh(&http(), &first).await;
    assert_eq!(refused.unwrap_err(), CalendarError::Revoked);
    assert!(registration.refresh(&http(), &second).await.is_ok());
    google.revoke();
    assert_eq!(google.refresh_tokens(), [""; 0]);
}

#[tokio::test]
async fn each_refresh_at_microsoft_gives_a_new_token_and_leaves_the_old_one_valid() {
    let microsoft = Microsoft::start().await;
    let registration = microsofts_registration(&microsoft);
    let attempt = Attempt::new().unwrap();
    let back = asked(&registration, &attempt).await;
    let state = parameter(&back, "state").unwrap();
    assert_eq!(state.expose_secret(), attempt.state.expose_secret());
    let code = parameter(&back, "code").unwrap();
    let grant = registration
        .exchange(&http(), &code, &attempt.verifier, BACK)
        .await
        .unwrap();
    assert_eq!(grant.missing(&registration), [""; 0]);
    let first = grant.refresh_token.unwrap();
    let again = registration.refresh(&http(), &first).await.unwrap();
    let second = again.refresh_token.unwrap();
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

#[tokio::test]
async fn whose_fault_it_is_is_told_apart() {
    let google = Google::start().await;
    let registration = registration(&google);
    let token: SecretString = google.refresh_token().into();
    let misconfigured = CalendarError::Misconfigured;
    let cases = [
        (Failure::new(400, "invalid_grant"), CalendarError::Revoked),
        (
            Failure::new(400, "interaction_required"),
            CalendarError::Revoked,
        ),
        (
            Failure::new(401, "invalid_client"),
            misconfigured("invalid_client"),
        ),
        (
            Failure::new(401, "unauthorized_client"),
            misconfigured("unauthorized_client"),
        ),
        (
            Failure::new(400, "disabled_client"),
            misconfigured("disabled_client"),
        ),
        (
            Failure::new(401, "other"),
            misconfigured("the client is not taken"),
        ),
        (
            Failure::new(429, "rate_limit").retry_after(3),
            CalendarError::Limited {
                retry_after: Some(Duration::from_secs(3)),
            },
        ),
        (
            Failure::new(500, "internal_failure"),
            CalendarError::Unavailable("it failed"),
        ),
        (
            Failure::new(400, "temporarily_unavailable"),
            CalendarError::Unavailable("it failed"),
        ),
        (
            Failure::new(400, "invalid_request"),
            CalendarError::Refused {
                status: 400,
                code: "invalid_request".to_owned(),
            },
        ),
    ];
    for (failure, expected) in cases {
        google.fail_next_token(&[failure]);
        assert_eq!(
            registration.refresh(&http(), &token).await.unwrap_err(),
            expected
        );
    }
    let wrong = Registration {
        client_secret: Some("another".into()),
        ..registration.clone()
    };
    let refused = wrong.refresh(&http(), &token).await.unwrap_err();
    assert_eq!(refused, misconfigured("invalid_client"));
    // Nothing of it has cost the owner anything.
    let grant = registration.refresh(&http(), &token).await.unwrap();
    let shown = format!("{grant:?} {registration:?} {:?}", Attempt::new().unwrap());
    for secret in [grant.access_token.expose_secret(), CLIENT_SECRET] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
