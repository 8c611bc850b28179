//! What a refusal means, and that it says nothing of the events.

use std::time::Duration;

use frontdesk::{calendar::google, domain::external_calendar::CalendarError};

use super::{Account, december, entry, google_client_with, refused};
use crate::support::{Google, google::PRIMARY, http::Failure};

fn limited(seconds: Option<u64>) -> CalendarError {
    CalendarError::Limited {
        retry_after: seconds.map(Duration::from_secs),
    }
}

async fn are_told_apart(account: &Account, cases: Vec<(Failure, CalendarError)>) {
    for (failure, expected) in cases {
        account.fail_next(&[failure.clone(), failure.clone(), failure]);
        assert_eq!(account.list(december()).await, Err(expected.clone()));
        assert_eq!(account.calendars().await, Err(expected.clone()));
        assert_eq!(account.put(None, &entry()).await, Err(expected));
    }
    account.is_down(Failure::new(503, ""));
    let down = Err(CalendarError::Unavailable("it failed"));
    assert_eq!(account.calendars().await, down);
    account.is_back();
    assert_eq!(account.calendars().await.unwrap().len(), 1);
    account.expire_access_tokens();
    let expired = Err(CalendarError::Unauthorized);
    assert_eq!(account.calendars().await, expired);
}

/// How both fail.
fn cases() -> Vec<(Failure, CalendarError)> {
    let unavailable = CalendarError::Unavailable;
    vec![
        (Failure::new(429, "").retry_after(30), limited(Some(30))),
        (
            Failure::new(429, "").retry_after(86_400),
            limited(Some(3_600)),
        ),
        (Failure::new(503, "").retry_after(5), limited(Some(5))),
        (Failure::new(503, ""), unavailable("it failed")),
        (Failure::new(500, ""), unavailable("it failed")),
        (Failure::new(408, ""), unavailable("no answer in time")),
        (Failure::new(401, "other"), CalendarError::Unauthorized),
        (Failure::new(404, "other"), CalendarError::Gone),
        (Failure::new(412, "other"), CalendarError::Changed),
        (Failure::new(403, "aWord"), refused(403, "aWord")),
        (Failure::new(400, "Divorce lawyer"), refused(400, "unknown")),
        (Failure::new(302, ""), refused(302, "unknown")),
    ]
}

#[tokio::test]
async fn each_reason_of_google_is_told_apart() {
    let mut cases = cases();
    cases.extend([
        (Failure::new(403, "rateLimitExceeded"), limited(None)),
        (
            Failure::new(403, "userRateLimitExceeded").retry_after(9),
            limited(Some(9)),
        ),
        (Failure::new(403, "quotaExceeded"), limited(None)),
        (
            Failure::new(403, "calendarUsageLimitsExceeded"),
            limited(None),
        ),
        (Failure::new(403, "concurrentLimitExceeded"), limited(None)),
        (
            Failure::new(403, "accessNotConfigured"),
            CalendarError::Misconfigured("accessNotConfigured"),
        ),
    ]);
    are_told_apart(&Account::google().await, cases).await;
}

#[tokio::test]
async fn each_code_of_graph_is_told_apart() {
    let mut cases = cases();
    cases.extend([
        (
            Failure::new(409, "ErrorConcurrentItemSave"),
            CalendarError::Unavailable("it was saving the event"),
        ),
        (
            Failure::new(404, "MailboxNotEnabledForRESTAPI"),
            refused(404, "MailboxNotEnabledForRESTAPI"),
        ),
        (
            Failure::new(404, "ErrorNonExistentMailbox"),
            refused(404, "ErrorNonExistentMailbox"),
        ),
        (Failure::new(404, "ErrorItemNotFound"), CalendarError::Gone),
    ]);
    are_told_apart(&Account::outlook().await, cases).await;
}

#[tokio::test]
async fn nobody_listens() {
    let google = Google::start().await;
    let unreachable = google::Client::new(
        super::http(),
        "http://127.0.0.1:9/calendar/v3".parse().unwrap(),
        google.access_token().into(),
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
    let token = google.access_token_for("calendar.events.freebusy");
    let reader = google_client_with(&google, &token);
    reader.list(PRIMARY, &december(), None).await.unwrap();
    let refused = refused(403, "insufficientPermissions");
    assert_eq!(reader.put(PRIMARY, None, &entry()).await, Err(refused));
    // Who may not even read needs their owner's consent again.
    let token = google.access_token_for("calendar.calendarlist.readonly");
    let chooser = google_client_with(&google, &token);
    let listed = chooser.list(PRIMARY, &december(), None).await;
    assert_eq!(listed, Err(CalendarError::Revoked));

    google.expire_access_tokens();
    let listed = reader.list(PRIMARY, &december(), None).await;
    assert_eq!(listed, Err(CalendarError::Unauthorized));
}

#[tokio::test]
async fn no_token_is_shown() {
    for account in Account::each().await {
        let shown = match &account.client {
            super::Client::Google(client) => format!("{client:?}"),
            super::Client::Outlook(client) => format!("{client:?}"),
        };
        assert_eq!(shown, "Client { api: Api }");
        let errors = [
            account.put_into("nobody's").await,
            account.list_of("nobody's", december()).await.unwrap_err(),
        ];
        for error in errors {
            let shown = format!("{error} {error:?}");
            for secret in ["access-", "Drain cleaning", "nobody's"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}
