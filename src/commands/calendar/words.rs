//! What an operator is told when a provider does not do what it was asked.

use crate::domain::external_calendar::CalendarError;

/// Who is asked, as an operator knows them.
pub(super) enum Asked<'a> {
    /// A CalDAV server, by its address.
    CalDav(&'a str),
    /// Calendly, which takes a token.
    Calendly,
    /// A provider whose owner agrees in a browser, and the settings of the registration with it.
    Consented(&'static str, &'static str),
}

impl<'a> Asked<'a> {
    /// The provider of an account.
    pub(super) fn of(provider: &str, address: Option<&'a str>) -> Self {
        match (provider, address) {
            ("caldav", Some(address)) => Self::CalDav(address),
            ("calendly", _) => Self::Calendly,
            ("outlook", _) => Self::Consented("Microsoft", "MICROSOFT_CLIENT_ID"),
            _ => Self::Consented("Google", "GOOGLE_CLIENT_ID"),
        }
    }

    /// Why it did not do it, and what helps.
    pub(super) fn explains(&self, problem: &CalendarError) -> String {
        let name = match self {
            Self::CalDav(address) => address,
            Self::Calendly => "Calendly",
            Self::Consented(name, _) => name,
        };
        match (self, problem) {
            (Self::CalDav(_), CalendarError::Revoked | CalendarError::Unauthorized) => format!(
                "{name} does not take this user name and password; many servers want a password that is made for one program (docs/calendar.md)"
            ),
            (Self::Calendly, CalendarError::Revoked | CalendarError::Unauthorized) => {
                "Calendly does not take this token".to_owned()
            }
            (Self::Calendly, CalendarError::Refused { status: 403, .. }) => {
                "Calendly does not let this token do what is needed; docs/calendar.md lists its scopes".to_owned()
            }
            (Self::Consented(..), CalendarError::Revoked | CalendarError::Unauthorized) => {
                format!("{name} does not take the consent any more; connect the account again")
            }
            (_, CalendarError::Refused { code, .. }) if code == "not_https" => format!(
                "{name} is no https address; --caldav-private (FRONTDESK_CALDAV_PRIVATE) allows others, for a server in your own network"
            ),
            (_, CalendarError::Refused { code, .. }) if code == "private_address" => format!(
                "{name} is at a private address; --caldav-private (FRONTDESK_CALDAV_PRIVATE) allows that, for a server in your own network"
            ),
            (Self::CalDav(_), CalendarError::Gone) => {
                format!("there is no CalDAV server at {name}")
            }
            (Self::Consented(..), CalendarError::Misconfigured("accessNotConfigured")) => {
                "the Google Calendar API is not enabled in the project that GOOGLE_CLIENT_ID belongs to (docs/calendar.md)"
                    .to_owned()
            }
            (Self::Consented(_, setting), CalendarError::Misconfigured(what)) => {
                format!("{setting} and its secret do not work: {what}")
            }
            (_, CalendarError::Unavailable(what)) => format!("{name} is not available: {what}"),
            (_, CalendarError::Unreadable(what)) => {
                format!("{name} gave what cannot be read: {what}")
            }
            (_, CalendarError::Limited { .. }) => format!("{name} asks to wait; try again later"),
            (_, problem) => format!("{name}: {problem}"),
        }
    }
}

/// What a code of [`CalendarError::code`] means for whoever reads `calendar status`.
pub(super) fn failure(code: &str) -> &'static str {
    match code {
        "unavailable" => "it cannot be reached, or fails",
        "limited" => "it asks to wait",
        "misconfigured" => {
            "a setting of the service is wrong: its FRONTDESK_SECRETS_KEY, or its registration with the provider; its log says which"
        }
        "revoked" | "unauthorized" => "it does not take the credential",
        "gone" => "it is not there any more",
        "too_large" => "it has more than is read of one calendar",
        "unreadable" => "what it said cannot be read",
        "refused" => "it refuses; the log of the service has its word for why",
        _ => "the log of the service says more",
    }
}
