//! How Vapi signs its requests: the settings of an HMAC authentication plan, and what can be wrong with them.
//!
//! Source: Vapi's published schema (`HMACAuthenticationPlan`).

use std::{str::FromStr, time::Duration};

use secrecy::SecretString;

/// The digest under the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// SHA-1, which is still sound for this use (RFC 6194, section 3.3), but only for who must.
    Sha1,
}

impl Algorithm {
    /// The length of its digests, in bytes.
    pub(super) fn digest_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
            Self::Sha1 => 20,
        }
    }
}

impl FromStr for Algorithm {
    type Err = PlanProblem;

    fn from_str(text: &str) -> Result<Self, PlanProblem> {
        match text.to_ascii_lowercase().as_str() {
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            "sha1" => Ok(Self::Sha1),
            _ => Err(PlanProblem::UnknownAlgorithm),
        }
    }
}

/// How the signature's bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal digits in either case.
    Hex,
    /// Base64 in the standard or the URL alphabet, with or without padding.
    Base64,
}

impl FromStr for Encoding {
    type Err = PlanProblem;

    fn from_str(text: &str) -> Result<Self, PlanProblem> {
        match text.to_ascii_lowercase().as_str() {
            "hex" => Ok(Self::Hex),
            "base64" => Ok(Self::Base64),
            _ => Err(PlanProblem::UnknownEncoding),
        }
    }
}

/// The settings of a plan, under the names and with the defaults that Vapi gives them.
#[derive(Clone, Debug)]
pub struct HmacSettings {
    /// The live secrets.
    pub secrets: Vec<SecretString>,
    /// Whether the secrets are the base64 of the key instead of the key.
    pub secret_is_base64: bool,
    /// The digest; Vapi has no default for it.
    pub algorithm: Algorithm,
    /// The header of the signature.
    pub signature_header: String,
    /// The header of the timestamp.
    pub timestamp_header: String,
    /// Whether the timestamp must be signed and recent.
    pub include_timestamp: bool,
    /// What stands before each signature, such as `sha256=` or `v1,`.
    pub signature_prefix: Option<String>,
    /// What is signed, with the placeholders `{body}` `{timestamp}` `{method}` `{url}` `{svix-id}`; by default
    /// `{timestamp}.{body}`, or `{body}` when no timestamp is included.
    pub payload_format: Option<String>,
    /// How the signature is written.
    pub encoding: Encoding,
    /// The header of the message id, where one is signed.
    pub message_id_header: Option<String>,
    /// How far the timestamp may be from now, in the past or in the future.
    pub window: Duration,
}

impl HmacSettings {
    /// Vapi's defaults, and a window of 300 seconds.
    #[must_use]
    pub fn new(algorithm: Algorithm, secrets: Vec<SecretString>) -> Self {
        Self {
            secrets,
            secret_is_base64: false,
            algorithm,
            signature_header: "x-signature".to_owned(),
            timestamp_header: "x-timestamp".to_owned(),
            include_timestamp: true,
            signature_prefix: None,
            payload_format: None,
            encoding: Encoding::Hex,
            message_id_header: None,
            window: Duration::from_mins(5),
        }
    }
}

/// What is wrong with the settings of a plan; never quotes a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// There is no secret, or one of them is empty.
    #[error("an HMAC secret is empty or missing")]
    EmptySecret,
    /// A secret is said to be base64 and is not.
    #[error("an HMAC secret is not base64")]
    SecretNotBase64,
    /// The algorithm is none of Vapi's.
    #[error("the HMAC algorithm is none of sha256, sha512 and sha1")]
    UnknownAlgorithm,
    /// The encoding is none of Vapi's.
    #[error("the signature encoding is neither hex nor base64")]
    UnknownEncoding,
    /// A header has no name.
    #[error("a header of the HMAC plan has no name")]
    NamelessHeader,
    /// The format leaves the body unsigned.
    #[error("the payload format has no {{body}}")]
    BodyNotSigned,
    /// A timestamp is to be included, but the format leaves it unsigned, so that anyone could renew it.
    #[error("the payload format has no {{timestamp}}, but a timestamp is to be included")]
    TimestampNotSigned,
    /// The format signs a message id, but no header for it is named.
    #[error("the payload format has {{svix-id}}, but no header for it is named")]
    NoMessageIdHeader,
    /// The format has a brace that opens none of the placeholders.
    #[error(
        "the payload format has a placeholder that is none of body, timestamp, method, url and svix-id"
    )]
    UnknownPlaceholder,
}
