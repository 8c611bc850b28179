//! Signatures over a request, as Vapi's HMAC authentication plan makes them.
//!
//! The plan says which parts of the request are signed and in which order, such as `{timestamp}.{body}`. The parts are fed
//! to the digest as they were received; only the format is searched for placeholders, never what is put in their place.
//! Vapi's pages leave the unit of the timestamp open, so its text is signed as it came, and its age is judged whether it
//! counts seconds or milliseconds or is RFC 3339.
//!
//! Source: Vapi's published schema (`HMACAuthenticationPlan`).

mod settings;

use std::fmt;

use ::hmac::{Hmac, KeyInit, Mac};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq};

use super::{Refusal, SignedRequest};
pub use settings::{Algorithm, Encoding, HmacSettings, PlanProblem};

/// How many signatures of one header are tried at most; a rotation needs two.
const MAX_SIGNATURES: usize = 8;

/// From this number on a timestamp counts milliseconds: as seconds it would lie 30,000 years ahead.
const FIRST_MILLISECONDS: i64 = 1_000_000_000_000;

/// Standard base64, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One piece of what is signed.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Body,
    Timestamp,
    Method,
    Url,
    MessageId,
}

/// A checked plan: how requests are signed and with which secrets.
pub struct HmacPlan {
    secrets: Vec<SecretSlice<u8>>,
    settings: HmacSettings,
    format: Vec<Piece>,
}

impl HmacPlan {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// The first setting with which no signature could be verified.
    pub fn new(mut settings: HmacSettings) -> Result<Self, PlanProblem> {
        let keys = std::mem::take(&mut settings.secrets);
        if keys.is_empty() {
            return Err(PlanProblem::EmptySecret);
        }
        let secrets = keys
            .iter()
            .map(|secret| key(secret, settings.secret_is_base64))
            .collect::<Result<_, _>>()?;
        let format = pieces(settings.payload_format.as_deref().unwrap_or(
            if settings.include_timestamp {
                "{timestamp}.{body}"
            } else {
                "{body}"
            },
        ))?;
        if !format.contains(&Piece::Body) {
            return Err(PlanProblem::BodyNotSigned);
        }
        if settings.include_timestamp && !format.contains(&Piece::Timestamp) {
            return Err(PlanProblem::TimestampNotSigned);
        }
        if format.contains(&Piece::MessageId) && settings.message_id_header.is_none() {
            return Err(PlanProblem::NoMessageIdHeader);
        }
        let headers = [
            &mut settings.signature_header,
            &mut settings.timestamp_header,
        ]
        .into_iter()
        .chain(settings.message_id_header.as_mut());
        for header in headers {
            if header.trim().is_empty() {
                return Err(PlanProblem::NamelessHeader);
            }
            header.make_ascii_lowercase();
        }
        Ok(Self {
            secrets,
            settings,
            format,
        })
    }

    /// Accepts a request whose signature was made with a live secret over this very request, within the window.
    pub(super) fn verify(
        &self,
        request: &SignedRequest<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let signatures = self.readable(request, now)?;
        let payload = self.payload(request)?;
        let mut found = Choice::from(0);
        for secret in &self.secrets {
            let expected = self.sign(secret.expose_secret(), &payload);
            for signature in &signatures {
                found |= expected.as_slice().ct_eq(signature);
            }
        }
        if found.into() {
            Ok(())
        } else {
            Err(Refusal::WrongSignature)
        }
    }

    /// Refuses a request that no body could make right: its signature is missing or none, or its timestamp is.
    pub(super) fn check_headers(
        &self,
        request: &SignedRequest<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let length = self.settings.algorithm.digest_bytes();
        let signatures = self.readable(request, now)?;
        if signatures.iter().any(|signature| signature.len() == length) {
            Ok(())
        } else {
            Err(Refusal::WrongSignature)
        }
    }

    /// The signatures of a request within the window.
    fn readable(
        &self,
        request: &SignedRequest<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Vec<u8>>, Refusal> {
        let settings = &self.settings;
        let given = request
            .given(&settings.signature_header)
            .ok_or(Refusal::NoCredential)?;
        let signatures = self.signatures(given);
        if signatures.is_empty() {
            return Err(Refusal::UnreadableSignature);
        }
        self.payload(request)?;
        if settings.include_timestamp {
            let timestamp = request
                .given(&settings.timestamp_header)
                .ok_or(Refusal::NoTimestamp)?;
            let signed_at = instant(timestamp).ok_or(Refusal::UnreadableTimestamp)?;
            let age = (now - signed_at).abs().to_std();
            if !age.is_ok_and(|age| age <= settings.window) {
                return Err(Refusal::StaleTimestamp);
            }
        }
        Ok(signatures)
    }

    /// The readable signatures in a header, which may hold several, separated by blanks or commas, while secrets rotate.
    fn signatures(&self, header: &str) -> Vec<Vec<u8>> {
        let prefix = self
            .settings
            .signature_prefix
            .as_deref()
            .unwrap_or_default();
        header
            .split(|c: char| (c == ',' || c.is_ascii_whitespace()) && !prefix.contains(c))
            .filter_map(|part| part.trim().strip_prefix(prefix))
            .filter(|signature| !signature.is_empty())
            .filter_map(|signature| match self.settings.encoding {
                Encoding::Hex => hex::decode(signature).ok(),
                Encoding::Base64 => BASE64
                    .decode(signature.replace('-', "+").replace('_', "/"))
                    .ok(),
            })
            .take(MAX_SIGNATURES)
            .collect()
    }

    /// The signed parts, in order.
    fn payload<'a>(&'a self, request: &'a SignedRequest<'_>) -> Result<Vec<&'a [u8]>, Refusal> {
        let header = |name: &str| (request.header)(name).filter(|value| !value.trim().is_empty());
        self.format
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Ok(text.as_bytes()),
                Piece::Body => Ok(request.body),
                Piece::Method => Ok(request.method.as_bytes()),
                Piece::Url => Ok(request.url.as_bytes()),
                Piece::Timestamp => header(&self.settings.timestamp_header)
                    .map(str::as_bytes)
                    .ok_or(Refusal::NoTimestamp),
                Piece::MessageId => self
                    .settings
                    .message_id_header
                    .as_deref()
                    .and_then(header)
                    .map(str::as_bytes)
                    .ok_or(Refusal::NoMessageId),
            })
            .collect()
    }

    fn sign(&self, key: &[u8], payload: &[&[u8]]) -> Vec<u8> {
        match self.settings.algorithm {
            Algorithm::Sha256 => digest::<Hmac<Sha256>>(key, payload),
            Algorithm::Sha512 => digest::<Hmac<Sha512>>(key, payload),
            Algorithm::Sha1 => digest::<Hmac<Sha1>>(key, payload),
        }
    }
}

impl fmt::Debug for HmacPlan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HmacPlan")
            .field("secrets", &self.secrets.len())
            .field("algorithm", &self.settings.algorithm)
            .field("signature_header", &self.settings.signature_header)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// The keyed digest of the payload; a key of any length is taken, so the empty digest, which equals nothing, never occurs.
fn digest<M: Mac + KeyInit>(key: &[u8], payload: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    for part in payload {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn key(secret: &SecretString, is_base64: bool) -> Result<SecretSlice<u8>, PlanProblem> {
    let text = secret.expose_secret();
    let bytes = if is_base64 {
        BASE64
            .decode(text.trim())
            .map_err(|_position| PlanProblem::SecretNotBase64)?
    } else {
        text.as_bytes().to_vec()
    };
    if bytes.is_empty() || text.trim().is_empty() {
        return Err(PlanProblem::EmptySecret);
    }
    Ok(bytes.into())
}

/// Splits a payload format at its placeholders.
fn pieces(format: &str) -> Result<Vec<Piece>, PlanProblem> {
    let mut pieces = Vec::new();
    let mut parts = format.split('{');
    let push_text = |pieces: &mut Vec<Piece>, text: &str| {
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
    };
    push_text(&mut pieces, parts.next().unwrap_or_default());
    for part in parts {
        let (name, text) = part
            .split_once('}')
            .ok_or(PlanProblem::UnknownPlaceholder)?;
        pieces.push(match name {
            "body" => Piece::Body,
            "timestamp" => Piece::Timestamp,
            "method" => Piece::Method,
            "url" => Piece::Url,
            "svix-id" => Piece::MessageId,
            _ => return Err(PlanProblem::UnknownPlaceholder),
        });
        push_text(&mut pieces, text);
    }
    Ok(pieces)
}

/// The instant that a timestamp's text means.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(number) = text.parse::<i64>() {
        return if number >= FIRST_MILLISECONDS {
            DateTime::from_timestamp_millis(number)
        } else {
            DateTime::from_timestamp(number, 0)
        };
    }
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|instant| instant.to_utc())
}

#[cfg(test)]
mod tests;
