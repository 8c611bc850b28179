//! Who sent this request? Decided from memory alone: a stranger's request costs no query.

use std::sync::LazyLock;

use actix_web::HttpRequest;
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    auth::{BearerPlan, Refusal, SignedRequest, Verifier},
    desk::{Desk, Sender},
    hmac::{HmacPlan, HmacSettings},
};
use crate::clock::machine_time;

/// What a stranger's id is held against, so that it is refused in the same time as a wrong secret.
static NOBODYS_SECRET: LazyLock<SecretString> =
    LazyLock::new(|| SecretString::from(Uuid::new_v4().to_string()));

/// Proves a request on the service's path (`None`) or on an organization's.
pub fn prove(
    desk: &Desk,
    request: &HttpRequest,
    body: &[u8],
    organization_id: Option<Uuid>,
) -> Result<Sender, Refusal> {
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
        if desk.insecure && desk.verifier.is_empty() {
            return Ok(Sender::Service);
        }
        return desk
            .verifier
            .verify(&signed, machine_time())
            .map(|()| Sender::Service);
    };
    let own = desk.directory.credentials.of(id);
    if desk.insecure && own.is_none() && !id.is_nil() {
        return Ok(Sender::Organization(id));
    }
    own_verifier(
        desk,
        own.as_deref()
            .unwrap_or(std::slice::from_ref(&*NOBODYS_SECRET)),
    )
    .verify(&signed, machine_time())
    .map(|()| Sender::Organization(id))
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
