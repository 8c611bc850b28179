//! `X-Twilio-Signature`: HMAC-SHA1 over the address that Twilio was given, followed by every parameter of the form.
//!
//! The address is the configured one, byte by byte; Twilio's own back end is inconsistent about the port, so that with and
//! without both count, as in all of Twilio's libraries. A body that is no form is signed through its SHA-256 in the address.
//! There is no timestamp: a request that was recorded verifies for ever, and only idempotent handling makes a repeat harmless.
//!
//! Source: <https://www.twilio.com/docs/usage/security>.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use super::form::Form;

#[cfg(test)]
mod tests;

/// The parameter of the address with the hash of a body that is no form.
const BODY_HASH: &str = "bodySHA256";

/// The bytes of an HMAC-SHA1.
const SIGNATURE_BYTES: usize = 20;

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// The address that Twilio was given, with path and query as they were requested.
    pub url: &'a str,
    /// The body.
    pub content: Content<'a>,
    /// The header; `None` when it is missing or there are several.
    pub signature: Option<&'a str>,
}

/// A body, as far as the signature is concerned.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// A form, whose parameters are signed.
    Form(&'a Form),
    /// Anything else, whose hash is signed with the address.
    Other(&'a [u8]),
}

/// Why a request is not Twilio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no signature, or more than one, or it is none.
    #[error("there is no signature that could be one")]
    Missing,
    /// The body is not the one that was signed.
    #[error("the body is not the one that was signed")]
    Body,
    /// No token made this signature.
    #[error("no token made this signature")]
    Forged,
}

/// Verifies that a request was signed with one of the tokens, in a time that does not depend on which bytes are right.
///
/// # Errors
///
/// A [`Refusal`].
pub fn verify(request: &SignedRequest<'_>, tokens: &[SecretString]) -> Result<(), Refusal> {
    let signature = request.signature.and_then(decode).ok_or(Refusal::Missing)?;
    let parameters = match request.content {
        Content::Form(form) => parameters(form),
        Content::Other(body) => {
            check_body(request.url, body)?;
            String::new()
        }
    };
    let is_signed = tokens.iter().any(|token| {
        addresses(request.url).iter().any(|address| {
            let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else {
                return false;
            };
            mac.update(address.as_bytes());
            mac.update(parameters.as_bytes());
            mac.verify_slice(&signature).is_ok()
        })
    });
    if is_signed {
        Ok(())
    } else {
        Err(Refusal::Forged)
    }
}

/// The bytes of a signature; `None` for a text that is none whatever was signed.
#[must_use]
pub fn decode(signature: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(signature).ok()?;
    (bytes.len() == SIGNATURE_BYTES).then_some(bytes)
}

/// Every name in byte order, each followed by its value; the distinct values of a repeated name are sorted, and the name stands before
/// each of them.
fn parameters(form: &Form) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form.pairs() {
        sorted.entry(name).or_default().insert(value);
    }
    let mut signed = String::new();
    for (name, values) in sorted {
        for value in values {
            signed.push_str(name);
            signed.push_str(value);
        }
    }
    signed
}

fn check_body(url: &str, body: &[u8]) -> Result<(), Refusal> {
    let (_, query) = without_fragment(url).split_once('?').ok_or(Refusal::Body)?;
    let (_, claimed) = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == BODY_HASH)
        .ok_or(Refusal::Body)?;
    let hash = hex::encode(Sha256::digest(body));
    if bool::from(
        hash.as_bytes()
            .ct_eq(claimed.to_ascii_lowercase().as_bytes()),
    ) {
        Ok(())
    } else {
        Err(Refusal::Body)
    }
}

/// The addresses that may have been signed: as it is, and with the port added or removed. Only the authority is touched: whatever
/// an address parser would make of the rest, Twilio did not sign that.
fn addresses(url: &str) -> Vec<String> {
    let url = without_fragment(url);
    let mut addresses = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return addresses;
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let host_from = authority.rfind('@').map_or(0, |at| at + 1);
    let (user, host) = authority
        .split_at_checked(host_from)
        .unwrap_or(("", authority));
    // The colons of an IPv6 address stand within brackets.
    let port = host
        .rfind(':')
        .filter(|colon| host.rfind(']').is_none_or(|bracket| bracket < *colon));
    let other = match port {
        Some(colon) => host.get(..colon).map(str::to_owned),
        None if scheme.eq_ignore_ascii_case("https") => Some(format!("{host}:443")),
        None => Some(format!("{host}:80")),
    };
    if let Some(other) = other {
        addresses.push(format!("{scheme}://{user}{other}{path}"));
    }
    addresses
}

/// An address without Twilio's connection overrides, which are not signed.
fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}
