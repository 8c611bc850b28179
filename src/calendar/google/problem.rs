//! What a refusal of Google's means: the status says little, its reason more.

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
    errors: Option<Vec<Detail>>,
}

#[derive(Deserialize)]
struct Detail {
    reason: Option<String>,
}

/// What went wrong; `None` if nothing did.
pub(super) fn read(answer: &Answer) -> Option<CalendarError> {
    if answer.status.is_success() {
        return None;
    }
    let reason = reason(answer);
    Some(match (answer.status, reason.as_deref()) {
        (
            StatusCode::FORBIDDEN,
            Some(
                "rateLimitExceeded"
                | "userRateLimitExceeded"
                | "quotaExceeded"
                | "dailyLimitExceeded",
            ),
        ) => CalendarError::Limited {
            retry_after: answer.retry_after,
        },
        // The operator has not switched the API on in their project.
        (StatusCode::FORBIDDEN, Some("accessNotConfigured")) => {
            CalendarError::Misconfigured("accessNotConfigured")
        }
        (StatusCode::NOT_FOUND | StatusCode::GONE, _) => CalendarError::Gone,
        (StatusCode::PRECONDITION_FAILED, _) => CalendarError::Changed,
        (_, reason) => answer::refusal(answer, reason),
    })
}

fn reason(answer: &Answer) -> Option<String> {
    let body: Body = answer.read_if_any()?;
    body.error?
        .errors?
        .into_iter()
        .find_map(|detail| detail.reason)
}
