//! The ways in which the service can reach a contact.

use uuid::Uuid;

use crate::directory::Directory;

/// What is set up for an organization. A channel that is not cannot be promised to anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// Text messages.
    pub sms: bool,
    /// Calls.
    pub voice: bool,
    /// E-mails.
    pub email: bool,
}

/// What is set up for any organization, which depends on whose telephone account it uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelSettings {
    /// With the service's own account.
    pub with_service_account: Channels,
    /// With an account that the organization brought.
    pub with_own_account: Channels,
}

impl ChannelSettings {
    /// What is set up for an organization.
    #[must_use]
    pub fn of(self, directory: &Directory, organization_id: Uuid) -> Channels {
        match directory.accounts.of(organization_id) {
            Some(_) => self.with_own_account,
            None => self.with_service_account,
        }
    }
}

/// One way of reaching a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// A text message.
    Sms,
    /// A call.
    Voice,
    /// An e-mail.
    Email,
}

impl Channel {
    /// Every channel, in the order in which they are tried.
    pub const ALL: [Self; 3] = [Self::Sms, Self::Voice, Self::Email];

    /// The name under which a page over it is recorded.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
        }
    }
}
