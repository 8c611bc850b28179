//! What a refusal of Graph's means.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    calendar::answer::{self, Answer},
    domain::external_calendar::CalendarError,
};

#[derive(Default, Deserialize)]
struct Body {
    error: Option<ErrorBody>,
}

#[derive(Deserialize)]
struct ErrorBody {
    code: Option<String>,
}

/// What went wrong; `None` if nothing did.
pub(super) fn read(answer: &Answer) -> Option<CalendarError> {
    if answer.status.is_success() {
        return None;
    }
    let body: Body = answer.read_if_any().unwrap_or_default();
    let code = body.error.and_then(|error| error.code);
    Some(match (answer.status, code.as_deref()) {
        // The account has no mailbox: nothing is gone.
        (StatusCode::NOT_FOUND, Some(code @ "MailboxNotEnabledForRESTAPI")) => {
            answer::refusal(answer, Some(code))
        }
        (StatusCode::NOT_FOUND | StatusCode::GONE, _) => CalendarError::Gone,
        (StatusCode::PRECONDITION_FAILED, _) => CalendarError::Changed,
        // Exchange was saving the event itself; it passes.
        (StatusCode::CONFLICT, Some("ErrorConcurrentItemSave")) => {
            CalendarError::Unavailable("it was saving the event")
        }
        (StatusCode::SERVICE_UNAVAILABLE, _) if answer.retry_after.is_some() => {
            CalendarError::Limited {
                retry_after: answer.retry_after,
            }
        }
        (_, code) => answer::refusal(answer, code),
    })
}
