//! Signs requests as Vapi does. Written from Vapi's pages and not from the service's own verifier, so that the two check each other.

use anyhow::Result;
use frontdesk::clock::machine_time;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key for services that are started here.
pub const OWN_KEY: &str = "a-key-of-the-load-test";

/// How requests are authenticated: by one of Vapi's schemes, each with its default headers.
#[derive(Clone)]
pub enum Signer {
    /// HMAC, the most work for the service.
    Hmac(String),
    /// A bearer token.
    Bearer(String),
    /// The shared secret.
    Secret(String),
}

impl Signer {
    /// The first scheme with a secret in the environment, in the service's own variables; of two live secrets the first.
    pub fn from_environment() -> Option<Self> {
        let first = |variable| {
            let secrets = std::env::var(variable).ok()?;
            let first = secrets.split(',').next()?.trim();
            (!first.is_empty()).then(|| first.to_owned())
        };
        first("VAPI_HMAC_SECRET")
            .map(Self::Hmac)
            .or_else(|| first("VAPI_BEARER_TOKEN").map(Self::Bearer))
            .or_else(|| first("VAPI_SECRET").map(Self::Secret))
    }

    /// The headers that authenticate a body.
    pub fn headers(&self, body: &str) -> Result<Vec<(&'static str, String)>> {
        Ok(match self {
            Self::Bearer(token) => vec![("authorization", format!("Bearer {token}"))],
            Self::Secret(secret) => vec![("x-vapi-secret", secret.clone())],
            Self::Hmac(key) => {
                let timestamp = machine_time().timestamp().to_string();
                let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())?;
                mac.update(format!("{timestamp}.{body}").as_bytes());
                let signature = hex::encode(mac.finalize().into_bytes());
                vec![("x-signature", signature), ("x-timestamp", timestamp)]
            }
        })
    }
}
