//! Who sent this request? Decided from memory alone: a stranger's request costs no query.

use std::sync::LazyLock;

use actix_web::HttpRequest;
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    auth::{BearerPlan, Refusal, SignedRequest, Verdict, Verifier},
    desk::{Desk, Sender},
    hmac::{HmacPlan, HmacSettings},
};
use crate::clock::machine_time;

/// What a stranger's id is held against, so that it is refused in the same time as a wrong secret.
static NOBODYS_SECRET: LazyLock<SecretString> =
    LazyLock::new(|| SecretString::from(Uuid::new_v4().to_string()));

/// What a request's headers prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headers {
    /// They authenticate the sender.
    Authentic(Sender),
    /// They carry a signature, which is over the body as well.
    Signed,
}

/// Judges a request on the service's path (`None`) or on an organization's by its headers alone, before its body is read.
pub fn check_headers(
    desk: &Desk,
    request: &HttpRequest,
    organization_id: Option<Uuid>,
) -> Result<Headers, Refusal> {
    let sender = organization_id.map_or(Sender::Service, Sender::Organization);
    if is_open(desk, organization_id) {
        return Ok(Headers::Authentic(sender));
    }
    judge(desk, request, &[], organization_id, |verifier, signed| {
        verifier.check_headers(signed, machine_time())
    })
    .map(|verdict| match verdict {
        Verdict::Authentic => Headers::Authentic(sender),
        Verdict::Signed => Headers::Signed,
    })
}

/// Verifies a request with its body.
pub fn verify(
    desk: &Desk,
    request: &HttpRequest,
    body: &[u8],
    organization_id: Option<Uuid>,
) -> Result<Sender, Refusal> {
    judge(desk, request, body, organization_id, |verifier, signed| {
        verifier.verify(signed, machine_time())
    })
    .map(|()| organization_id.map_or(Sender::Service, Sender::Organization))
}

/// Whether a path is served without any credential, which only a service on a loopback address does.
fn is_open(desk: &Desk, organization_id: Option<Uuid>) -> bool {
    desk.insecure
        && match organization_id {
            None => desk.verifier.is_empty(),
            Some(id) => !id.is_nil() && desk.directory.credentials.of(id).is_none(),
        }
}

fn judge<T>(
    desk: &Desk,
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
    let url = public_url(desk, request);
    let signed = SignedRequest {
        header: &header,
        body,
        method: request.method().as_str(),
        url: &url,
    };
    let Some(id) = organization_id else {
        return verdict(&desk.verifier, &signed);
    };
    let own = desk.directory.credentials.of(id);
    let secrets = own
        .as_deref()
        .unwrap_or(std::slice::from_ref(&*NOBODYS_SECRET));
    verdict(&own_verifier(desk, secrets), &signed)
}

/// An organization's secret proves by any of Vapi's schemes: as it stands, as a bearer token, or as the key of a
/// signature.
fn own_verifier(desk: &Desk, secrets: &[SecretString]) -> Verifier {
    let verifier = Verifier::default()
        .with_secrets(secrets.iter().cloned())
        .with_bearer(BearerPlan::new(secrets.to_vec()));
    let plan = HmacSettings {
        secrets: secrets.to_vec(),
        ..desk.own_plan.clone()
    };
    match HmacPlan::new(plan) {
        Ok(plan) => verifier.with_hmac(plan),
        // The plan's other fields were checked at the start; only a blank secret gets here, and it proves nothing.
        Err(_) => verifier,
    }
}

/// The address that Vapi was given: what it signs, where it signs one.
fn public_url(desk: &Desk, request: &HttpRequest) -> String {
    let path = request.uri().to_string();
    match &desk.public_url {
        Some(base) => format!("{}{path}", base.as_str().trim_end_matches('/')),
        None => path,
    }
}
