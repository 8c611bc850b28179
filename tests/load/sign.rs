//! Proves requests as Vapi does, by any of its schemes.
//!
//! Written from Vapi's pages and not from the service's own verifier, so that the two check each other.

use anyhow::{Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use frontdesk::{clock::machine_time, config::WebhookSettings};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// What the harness signs with when nothing is given: the most work for the service.
const DEFAULT_KEY: &str = "a-key-of-the-load-test";

/// A header, by name and value.
pub type Header = (String, String);

/// How requests are proved.
#[derive(Clone)]
pub struct Signer(WebhookSettings);

impl Signer {
    /// Signs with the secrets that are given, or by HMAC with a key of the harness's own.
    pub fn new(mut settings: WebhookSettings) -> Self {
        if settings.vapi_secret.is_empty()
            && settings.vapi_bearer_token.is_empty()
            && settings.vapi_hmac_secret.is_empty()
        {
            DEFAULT_KEY.clone_into(&mut settings.vapi_hmac_secret);
        }
        Self(settings)
    }

    /// What the service must be told to accept these requests, as environment variables.
    pub fn environment(&self) -> Vec<(&'static str, &str)> {
        let settings = &self.0;
        vec![
            ("VAPI_SECRET", settings.vapi_secret.as_str()),
            ("VAPI_BEARER_TOKEN", &settings.vapi_bearer_token),
            ("VAPI_BEARER_HEADER", &settings.vapi_bearer_header),
            ("VAPI_BEARER_PREFIX", &settings.vapi_bearer_prefix),
            ("VAPI_HMAC_SECRET", &settings.vapi_hmac_secret),
            ("VAPI_HMAC_ALGORITHM", &settings.vapi_hmac_algorithm),
            (
                "VAPI_HMAC_SIGNATURE_HEADER",
                &settings.vapi_hmac_signature_header,
            ),
            (
                "VAPI_HMAC_SIGNATURE_PREFIX",
                &settings.vapi_hmac_signature_prefix,
            ),
            (
                "VAPI_HMAC_SIGNATURE_ENCODING",
                &settings.vapi_hmac_signature_encoding,
            ),
            (
                "VAPI_HMAC_TIMESTAMP_HEADER",
                &settings.vapi_hmac_timestamp_header,
            ),
            (
                "VAPI_HMAC_INCLUDE_TIMESTAMP",
                &settings.vapi_hmac_include_timestamp,
            ),
            (
                "VAPI_HMAC_PAYLOAD_FORMAT",
                &settings.vapi_hmac_payload_format,
            ),
            (
                "VAPI_HMAC_MESSAGE_ID_HEADER",
                &settings.vapi_hmac_message_id_header,
            ),
            (
                "VAPI_HMAC_SECRET_IS_BASE64",
                &settings.vapi_hmac_secret_is_base64,
            ),
        ]
    }

    /// The name of the scheme.
    pub fn scheme(&self) -> &'static str {
        match &self.0 {
            settings if !settings.vapi_hmac_secret.is_empty() => "HMAC",
            settings if !settings.vapi_bearer_token.is_empty() => "bearer token",
            _ => "shared secret",
        }
    }

    /// The headers that prove a request.
    ///
    /// # Errors
    ///
    /// A setting that cannot be used.
    pub fn headers(&self, url: &str, id: &str, body: &str) -> Result<Vec<Header>> {
        let settings = &self.0;
        let first = |secrets: &str| {
            secrets
                .split(',')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        if !settings.vapi_hmac_secret.is_empty() {
            return self.signature(&first(&settings.vapi_hmac_secret), url, id, body);
        }
        if !settings.vapi_bearer_token.is_empty() {
            let token = first(&settings.vapi_bearer_token);
            let value = format!("{} {token}", settings.vapi_bearer_prefix);
            return Ok(vec![(
                settings.vapi_bearer_header.clone(),
                value.trim().to_owned(),
            )]);
        }
        Ok(vec![(
            "X-Vapi-Secret".to_owned(),
            first(&settings.vapi_secret),
        )])
    }

    fn signature(&self, secret: &str, url: &str, id: &str, body: &str) -> Result<Vec<Header>> {
        let settings = &self.0;
        let key = match settings.vapi_hmac_secret_is_base64.as_str() {
            "true" => STANDARD.decode(secret)?,
            _ => secret.as_bytes().to_vec(),
        };
        let with_time = settings.vapi_hmac_include_timestamp != "false";
        let timestamp = machine_time().timestamp().to_string();
        let format = match (settings.vapi_hmac_payload_format.as_str(), with_time) {
            ("", true) => "{timestamp}.{body}",
            ("", false) => "{body}",
            (format, _) => format,
        };
        // The body last, so that braces within it are never taken for a placeholder.
        let payload = format
            .replace("{timestamp}", &timestamp)
            .replace("{method}", "POST")
            .replace("{url}", url)
            .replace("{svix-id}", id)
            .replacen("{body}", body, 1);
        let bytes = match settings.vapi_hmac_algorithm.to_ascii_lowercase().as_str() {
            "sha256" => digest::<Hmac<Sha256>>(&key, &payload)?,
            "sha512" => digest::<Hmac<Sha512>>(&key, &payload)?,
            "sha1" => digest::<Hmac<Sha1>>(&key, &payload)?,
            other => bail!("VAPI_HMAC_ALGORITHM is {other}; allowed: sha256, sha512, sha1"),
        };
        let text = match settings.vapi_hmac_signature_encoding.as_str() {
            "base64" => STANDARD.encode(bytes),
            _ => hex::encode(bytes),
        };
        let mut headers = vec![(
            settings.vapi_hmac_signature_header.clone(),
            format!("{}{text}", settings.vapi_hmac_signature_prefix),
        )];
        if with_time {
            headers.push((settings.vapi_hmac_timestamp_header.clone(), timestamp));
        }
        if !settings.vapi_hmac_message_id_header.is_empty() {
            headers.push((settings.vapi_hmac_message_id_header.clone(), id.to_owned()));
        }
        Ok(headers)
    }
}

fn digest<M: Mac + KeyInit>(key: &[u8], payload: &str) -> Result<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key)?;
    mac.update(payload.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}
