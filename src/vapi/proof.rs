//! What a request brings to prove that Vapi sent it, and why that may not be enough.

/// The parts of a request that a proof may rest on.
#[derive(Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The value of a header, by its name in lower case; `None` when it is missing or not visible ASCII.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The body as it was received: a signature is over these very bytes.
    pub body: &'a [u8],
    /// The method in upper case.
    pub method: &'a str,
    /// The public address that Vapi was given, which is not always what the `Host` header says.
    pub url: &'a str,
}

impl<'a> SignedRequest<'a> {
    /// The trimmed value of a header, unless it is missing or blank.
    pub(super) fn given(&self, header: &str) -> Option<&'a str> {
        (self.header)(header)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }
}

/// Why a request is refused: for logs and metrics, never for the one who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// There is nothing that a request could be held against.
    #[error("no credential is configured")]
    NotConfigured,
    /// The request carries none of the headers that are looked for.
    #[error("the request carries no credential")]
    NoCredential,
    /// The shared secret is none of the live ones.
    #[error("the shared secret is wrong")]
    WrongSecret,
    /// The bearer token is none of the live ones, or stands under another scheme.
    #[error("the bearer token is wrong")]
    WrongToken,
    /// The signature needs a timestamp and there is none.
    #[error("the signed timestamp is missing")]
    NoTimestamp,
    /// The timestamp is neither seconds nor milliseconds nor RFC 3339.
    #[error("the signed timestamp cannot be read")]
    UnreadableTimestamp,
    /// The timestamp is too far in the past or in the future.
    #[error("the signed timestamp is outside the window")]
    StaleTimestamp,
    /// The signature needs a message id and there is none.
    #[error("the signed message id is missing")]
    NoMessageId,
    /// The signature lacks its prefix or is not encoded as agreed.
    #[error("the signature cannot be read")]
    UnreadableSignature,
    /// The signature was not made with a live secret over this request.
    #[error("the signature is wrong")]
    WrongSignature,
}

impl Refusal {
    /// The name for a metric's label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::NoCredential => "no_credential",
            Self::WrongSecret => "wrong_secret",
            Self::WrongToken => "wrong_token",
            Self::NoTimestamp => "no_timestamp",
            Self::UnreadableTimestamp => "unreadable_timestamp",
            Self::StaleTimestamp => "stale_timestamp",
            Self::NoMessageId => "no_message_id",
            Self::UnreadableSignature => "unreadable_signature",
            Self::WrongSignature => "wrong_signature",
        }
    }
}
