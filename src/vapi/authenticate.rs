//! Does this request come from Vapi, and for whom? Decided from memory alone: a stranger's request costs no query.
//!
//! Vapi can send its credential in three ways: a shared secret in `X-Vapi-Secret`, a bearer token in a header of one's choice, or a
//! signature over the request ([`HmacPlan`]). A [`Verifier`] holds any of them, with several live secrets each so that they can be
//! rotated, and accepts a request that satisfies one. Without any it refuses everything.
//!
//! Secrets are compared by their SHA-256 digests in constant time, and always with every live one, so that the time taken
//! tells neither how much of a guess was right nor which secret it resembled.
//!
//! Source: Vapi's pages on server authentication and its published schema (`BearerAuthenticationPlan`,
//! `HMACAuthenticationPlan`).

use std::{fmt, sync::LazyLock};

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256, digest::Output};
use subtle::{Choice, ConstantTimeEq};
use uuid::Uuid;

pub mod hmac;

use self::hmac::{HmacPlan, HmacSettings};
use super::VapiState;
use crate::clock::machine_time;

/// Who sent a message, as its credential says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Whoever holds the service's secret: any organization's call.
    Service,
    /// Whoever holds an organization's own credential: its calls only.
    Organization(Uuid),
}

/// The parts of a request that may authenticate it.
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
    /// The request has none of the headers that are looked for.
    #[error("the request has no credential")]
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

/// The header with the shared secret.
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
            Some(token) if is_one_of(token, self.tokens.iter().map(digest)) => Ok(()),
            _ => Err(Refusal::WrongToken),
        }
    }
}

/// What headers say of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A shared secret or a bearer token is right.
    Authentic,
    /// There is a signature that may be right; it is over the body as well.
    Signed,
}

/// Everything that may authenticate a request.
#[derive(Default)]
pub struct Verifier {
    /// The digests of the shared secrets.
    secrets: Vec<Output<Sha256>>,
    bearer: Option<BearerPlan>,
    hmac: Option<HmacPlan>,
}

impl Verifier {
    /// Also accepts these shared secrets; blank ones are left out, since a blank secret would authenticate anybody.
    #[must_use]
    pub fn with_secrets(mut self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        let secrets = secrets.into_iter().filter(is_given);
        self.secrets.extend(secrets.map(|secret| digest(&secret)));
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

fn verify_secret(request: &SignedRequest<'_>, secrets: &[Output<Sha256>]) -> Result<(), Refusal> {
    let mut refusal = Refusal::NoCredential;
    for header in [SECRET_HEADER, SECRET_ALIAS_HEADER] {
        if let Some(given) = request.given(header) {
            if is_one_of(given, secrets.iter().copied()) {
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

fn digest(secret: &SecretString) -> Output<Sha256> {
    Sha256::digest(secret.expose_secret().as_bytes())
}

/// Compares with every live secret's digest, whether or not one has matched already.
fn is_one_of(given: &str, live: impl Iterator<Item = Output<Sha256>>) -> bool {
    let given = Sha256::digest(given.as_bytes());
    live.fold(Choice::from(0), |found, live| {
        found | live.as_slice().ct_eq(given.as_slice())
    })
    .into()
}

/// Compared with the credential for an unknown organization, so that the refusal takes as long as for a wrong secret.
static NOBODYS_SECRET: LazyLock<SecretString> =
    LazyLock::new(|| SecretString::from(Uuid::new_v4().to_string()));

/// What the headers of a request say of its principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Headers {
    /// They authenticate it.
    Authentic(Principal),
    /// They have a signature, which is over the body as well.
    Signed,
}

/// Judges a request on the service's path (`None`) or on an organization's by its headers alone, before its body is read.
pub(super) fn check_headers(
    state: &VapiState,
    request: &HttpRequest,
    organization_id: Option<Uuid>,
) -> Result<Headers, Refusal> {
    let principal = organization_id.map_or(Principal::Service, Principal::Organization);
    if is_open(state, organization_id) {
        return Ok(Headers::Authentic(principal));
    }
    judge(state, request, &[], organization_id, |verifier, signed| {
        verifier.check_headers(signed, machine_time())
    })
    .map(|verdict| match verdict {
        Verdict::Authentic => Headers::Authentic(principal),
        Verdict::Signed => Headers::Signed,
    })
}

/// Verifies a request with its body.
pub(super) fn verify(
    state: &VapiState,
    request: &HttpRequest,
    body: &[u8],
    organization_id: Option<Uuid>,
) -> Result<Principal, Refusal> {
    judge(state, request, body, organization_id, |verifier, signed| {
        verifier.verify(signed, machine_time())
    })
    .map(|()| organization_id.map_or(Principal::Service, Principal::Organization))
}

/// Whether a path is served without any credential, which only a service on a loopback address does.
fn is_open(state: &VapiState, organization_id: Option<Uuid>) -> bool {
    state.insecure
        && match organization_id {
            None => state.verifier.is_empty(),
            Some(id) => !id.is_nil() && state.directory.credentials.of(id).is_none(),
        }
}

fn judge<T>(
    state: &VapiState,
    request: &HttpRequest,
    body: &[u8],
    organization_id: Option<Uuid>,
    verdict: impl FnOnce(&Verifier, &SignedRequest<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let url = public_url(state, request);
    let signed = SignedRequest {
        header: &header,
        body,
        method: request.method().as_str(),
        url: &url,
    };
    let Some(id) = organization_id else {
        return verdict(&state.verifier, &signed);
    };
    let own = state.directory.credentials.of(id);
    let secrets = own
        .as_deref()
        .unwrap_or(std::slice::from_ref(&*NOBODYS_SECRET));
    verdict(&own_verifier(state, secrets), &signed)
}

/// An organization's secret counts in any of Vapi's schemes: as it is, as a bearer token, or as the key of a signature.
fn own_verifier(state: &VapiState, secrets: &[SecretString]) -> Verifier {
    let verifier = Verifier::default()
        .with_secrets(secrets.iter().cloned())
        .with_bearer(BearerPlan::new(secrets.to_vec()));
    let plan = HmacSettings {
        secrets: secrets.to_vec(),
        ..state.own_plan.clone()
    };
    match HmacPlan::new(plan) {
        Ok(plan) => verifier.with_hmac(plan),
        // The plan's other fields were checked at the start: only a blank secret gets here, which authenticates nobody.
        Err(_) => verifier,
    }
}

/// The address that Vapi was given: what it signs, where it signs one.
fn public_url(state: &VapiState, request: &HttpRequest) -> String {
    let path = request.uri().to_string();
    match &state.public_url {
        Some(base) => format!("{}{path}", base.as_str().trim_end_matches('/')),
        None => path,
    }
}

#[cfg(test)]
mod tests;
