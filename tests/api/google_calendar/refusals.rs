//! What a refusal means, and that it says nothing of the events.

use std::time::Duration;

use frontdesk::domain::external_calendar::CalendarError;

use super::{client, client_with, december, entry};
use crate::support::{Google, google::PRIMARY, http::Failure};

fn limited(seconds: Option<u64>) -> CalendarError {
    CalendarError::Limited {
        retry_after: seconds.map(Duration::from_secs),
    }
}

fn refused(status: u16, code: &str) -> CalendarError {
    CalendarError::Refused {
        status,
        code: code.to_owned(),
    }
}

#[tokio::test]
async fn each_reason_is_told_apart() {
    let google = Google::start().await;
    let client = client(&google);
    let cases = [
        (Failure::new(403, "rateLimitExceeded"), limited(None)),
        (
            Failure::new(403, "userRateLimitExceeded").retry_after(9),
            limited(Some(9)),
        ),
        (Failure::new(403, "quotaExceeded"), limited(None)),
        (
            Failure::new(429, "rateLimitExceeded").retry_after(30),
            limited(Some(30)),
        ),
        (
            Failure::new(429, "rateLimitExceeded").retry_after(86_400),
            limited(Some(3_600)),
        ),
        (
            Failure::new(403, "forbiddenForNonOrganizer"),
            refused(403, "forbiddenForNonOrganizer"),
        ),
        (Failure::new(403, "Divorce lawyer"), refused(403, "unknown")),
        (
            Failure::new(403, "accessNotConfigured"),
            CalendarError::Misconfigured("accessNotConfigured"),
        ),
        (Failure::new(401, "authError"), CalendarError::Unauthorized),
        (Failure::new(400, "invalid"), refused(400, "invalid")),
        (Failure::new(404, "notFound"), CalendarError::Gone),
        (
            Failure::new(408, ""),
            CalendarError::Unavailable("no answer in time"),
        ),
        (
            Failure::new(500, "backendError"),
            CalendarError::Unavailable("it failed"),
        ),
        (
            Failure::new(503, "backendError"),
            CalendarError::Unavailable("it failed"),
        ),
        (Failure::new(302, ""), refused(302, "unknown")),
    ];
    for (failure, expected) in cases {
        google.fail_next(&[failure.clone(), failure.clone(), failure.clone()]);
        assert_eq!(
            client.list(PRIMARY, &december(), None).await,
            Err(expected.clone())
        );
        assert_eq!(client.calendars().await, Err(expected.clone()));
        assert_eq!(client.put(PRIMARY, None, &entry()).await, Err(expected));
    }
    google.is_down(Failure::new(503, "backendError"));
    let down = Err(CalendarError::Unavailable("it failed"));
    assert_eq!(client.calendars().await, down);
    google.is_back();
    assert_eq!(client.calendars().await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_listens() {
    let google = Google::start().await;
    let unreachable = frontdesk::calendar::google::Client::new(
        super::http(),
        "http://127.0.0.1:9/calendar/v3".parse().unwrap(),
        google.access_token(None).into(),
    );
    let listed = unreachable.calendars().await;
    assert_eq!(
        listed,
        Err(CalendarError::Unavailable("it cannot be reached"))
    );
}

#[tokio::test]
async fn an_access_token_that_has_expired_is_told_from_one_that_may_not() {
    let google = Google::start().await;
    let reader = client_with(
        &google,
        &google.access_token(Some("calendar.events.freebusy")),
    );
    reader.list(PRIMARY, &december(), None).await.unwrap();
    let refused = refused(403, "insufficientPermissions");
    assert_eq!(reader.put(PRIMARY, None, &entry()).await, Err(refused));

    google.expire_access_tokens();
    let listed = reader.list(PRIMARY, &december(), None).await;
    assert_eq!(listed, Err(CalendarError::Unauthorized));
}

#[tokio::test]
async fn no_token_is_shown() {
    let google = Google::start().await;
    let token = google.access_token(None);
    let client = client_with(&google, &token);
    let shown = format!("{client:?}");
    assert!(!shown.contains(&token), "{shown}");
    let errors = [
        client.put("nobody's", None, &entry()).await.unwrap_err(),
        client
            .list("nobody's", &december(), Some("?"))
            .await
            .unwrap_err(),
    ];
    for error in errors {
        let shown = format!("{error} {error:?}");
        for secret in [token.as_str(), "Drain cleaning", "nobody's"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
