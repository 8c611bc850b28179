//! Does this request come from Vapi?
//!
//! Vapi can be set up to prove itself in three ways: a shared secret in `X-Vapi-Secret`, a bearer token in a header of
//! one's choice, or a signature over the request ([`HmacPlan`]). A [`Verifier`] holds any of them, with several live
//! secrets each so that they can be rotated, and accepts a request that satisfies one. Without any it refuses everything.
//!
//! Secrets are compared by their SHA-256 digests in constant time, and always with every live one, so that the time taken
//! tells neither how much of a guess was right nor which secret it resembled.
//!
//! Source: Vapi's pages on server authentication and its published schema (`BearerAuthenticationPlan`,
//! `HMACAuthenticationPlan`).

use std::fmt;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::hmac::HmacPlan;
pub use super::proof::{Refusal, SignedRequest};

/// The header that carries the shared secret.
const SECRET_HEADER: &str = "x-vapi-secret";

/// A header in which Vapi has been reported to send the shared secret itself, despite its name.
const SECRET_ALIAS_HEADER: &str = "x-vapi-signature";

/// How a bearer token is sent.
#[derive(Debug)]
pub struct BearerPlan {
    /// The live tokens.
    pub tokens: Vec<SecretString>,
    /// The header; in lower case.
    pub header: String,
    /// The scheme before the token, in any case; `None` when the header is the token alone.
    pub prefix: Option<String>,
}

impl BearerPlan {
    /// A plan with Vapi's defaults: `Authorization: Bearer <token>`.
    #[must_use]
    pub fn new(tokens: Vec<SecretString>) -> Self {
        Self {
            tokens,
            header: "authorization".to_owned(),
            prefix: Some("Bearer".to_owned()),
        }
    }

    fn verify(&self, request: &SignedRequest<'_>) -> Result<(), Refusal> {
        let given = request.given(&self.header).ok_or(Refusal::NoCredential)?;
        let token = match &self.prefix {
            Some(prefix) => given
                .split_once(char::is_whitespace)
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(prefix))
                .map(|(_, token)| token.trim_start()),
            None => Some(given),
        };
        match token {
            Some(token) if is_one_of(token, &self.tokens) => Ok(()),
            _ => Err(Refusal::WrongToken),
        }
    }
}

/// What the headers of a request say of its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A shared secret or a bearer token is right.
    Authentic,
    /// There is a signature that may be right; it is over the body as well.
    Signed,
}

/// Everything that a request may prove itself by.
#[derive(Default)]
pub struct Verifier {
    secrets: Vec<SecretString>,
    bearer: Option<BearerPlan>,
    hmac: Option<HmacPlan>,
}

impl Verifier {
    /// Also accepts these shared secrets; blank ones are left out, since a blank secret would prove nothing.
    #[must_use]
    pub fn with_secrets(mut self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        self.secrets.extend(secrets.into_iter().filter(is_given));
        self
    }

    /// Also accepts the tokens of this plan; a plan without tokens changes nothing.
    #[must_use]
    pub fn with_bearer(mut self, mut plan: BearerPlan) -> Self {
        plan.tokens.retain(is_given);
        plan.header.make_ascii_lowercase();
        if !plan.tokens.is_empty() {
            self.bearer = Some(plan);
        }
        self
    }

    /// Also accepts signatures of this plan.
    #[must_use]
    pub fn with_hmac(mut self, plan: HmacPlan) -> Self {
        self.hmac = Some(plan);
        self
    }

    /// Tells whether nothing is configured, so that every request is refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.bearer.is_none() && self.hmac.is_none()
    }

    /// Accepts a request that satisfies any of the configured ways.
    ///
    /// # Errors
    ///
    /// The refusal of the strongest way that the request tried; [`Refusal::NoCredential`] when it tried none.
    pub fn verify(&self, request: &SignedRequest<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let signature = self.hmac.as_ref().map(|plan| plan.verify(request, now));
        self.judge(request, signature).map(drop)
    }

    /// Judges a request by its headers alone; what is refused here is refused with any body.
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify`].
    pub fn check_headers(
        &self,
        request: &SignedRequest<'_>,
        now: DateTime<Utc>,
    ) -> Result<Verdict, Refusal> {
        let signature = self
            .hmac
            .as_ref()
            .map(|plan| plan.check_headers(request, now));
        self.judge(request, signature)
    }

    fn judge(
        &self,
        request: &SignedRequest<'_>,
        signature: Option<Result<(), Refusal>>,
    ) -> Result<Verdict, Refusal> {
        if self.is_empty() {
            return Err(Refusal::NotConfigured);
        }
        let bearer = self.bearer.as_ref().map(|plan| plan.verify(request));
        let secret = (!self.secrets.is_empty()).then(|| verify_secret(request, &self.secrets));
        if bearer == Some(Ok(())) || secret == Some(Ok(())) {
            return Ok(Verdict::Authentic);
        }
        if signature == Some(Ok(())) {
            return Ok(Verdict::Signed);
        }
        Err([signature, bearer, secret]
            .into_iter()
            .flatten()
            .filter_map(Result::err)
            .find(|refusal| *refusal != Refusal::NoCredential)
            .unwrap_or(Refusal::NoCredential))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Verifier")
            .field("secrets", &self.secrets.len())
            .field("bearer", &self.bearer)
            .field("hmac", &self.hmac)
            .finish()
    }
}

fn verify_secret(request: &SignedRequest<'_>, secrets: &[SecretString]) -> Result<(), Refusal> {
    let mut refusal = Refusal::NoCredential;
    for header in [SECRET_HEADER, SECRET_ALIAS_HEADER] {
        if let Some(given) = request.given(header) {
            if is_one_of(given, secrets) {
                return Ok(());
            }
            refusal = Refusal::WrongSecret;
        }
    }
    Err(refusal)
}

fn is_given(secret: &SecretString) -> bool {
    !secret.expose_secret().trim().is_empty()
}

/// Compares with every secret, whether or not one has matched already.
fn is_one_of(given: &str, secrets: &[SecretString]) -> bool {
    let given = Sha256::digest(given.as_bytes());
    secrets
        .iter()
        .fold(Choice::from(0), |found, secret| {
            let live = Sha256::digest(secret.expose_secret().as_bytes());
            found | live.as_slice().ct_eq(given.as_slice())
        })
        .into()
}

#[cfg(test)]
mod tests;
