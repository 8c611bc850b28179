//! The ways in which the service can reach a contact.

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

/// Tells what is set up for an organization: the service's own account, or one that the organization brought.
pub type Reach = std::sync::Arc<dyn Fn(uuid::Uuid) -> Channels + Send + Sync>;

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
