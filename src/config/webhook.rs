//! What authenticates messages of Vapi: the settings of its authentication plans.

use std::time::Duration;

use clap::{ArgAction, Args};
use secrecy::ExposeSecret;

use super::{
    SettingError,
    read::read,
    values::{Secrets, one_of, strong_secrets, text, truth},
};
use crate::vapi::{
    authenticate::hmac::{Algorithm, Encoding, HmacPlan, HmacSettings, PlanProblem},
    authenticate::{BearerPlan, Verifier},
};

/// How far a signed timestamp may be from now, both ways: what Svix and the Standard Webhooks use.
const WINDOW: Duration = Duration::from_mins(5);

/// The settings of Vapi's authentication.
#[derive(Args, Clone)]
pub struct WebhookSettings {
    /// The secret that Vapi sends as X-Vapi-Secret; a comma separates two live ones.
    #[arg(long, env = "VAPI_SECRET", hide_env_values = true, value_name = "SECRETS", value_parser = read(strong_secrets))]
    pub vapi_secret: Option<Secrets>,
    /// The bearer token that Vapi sends; a comma separates two live ones.
    #[arg(long, env = "VAPI_BEARER_TOKEN", hide_env_values = true, value_name = "TOKENS", value_parser = read(strong_secrets))]
    pub vapi_bearer_token: Option<Secrets>,
    /// The header of the bearer token.
    #[arg(long, env = "VAPI_BEARER_HEADER", value_name = "HEADER", default_value = "Authorization", value_parser = read(header))]
    pub vapi_bearer_header: String,
    /// What stands before the bearer token; none when the header is the token alone.
    #[arg(long, env = "VAPI_BEARER_PREFIX", value_name = "PREFIX", default_value = "Bearer", value_parser = text())]
    pub vapi_bearer_prefix: String,
    /// The key with which Vapi signs; a comma separates two live ones.
    #[arg(long, env = "VAPI_HMAC_SECRET", hide_env_values = true, value_name = "SECRETS", value_parser = read(strong_secrets))]
    pub vapi_hmac_secret: Option<Secrets>,
    /// The digest of the signature: sha256, sha512 or sha1.
    #[arg(long, env = "VAPI_HMAC_ALGORITHM", value_name = "ALGORITHM", default_value = "sha256", value_parser = one_of([("sha256", Algorithm::Sha256), ("sha512", Algorithm::Sha512), ("sha1", Algorithm::Sha1)]))]
    pub vapi_hmac_algorithm: Algorithm,
    /// The header of the signature.
    #[arg(long, env = "VAPI_HMAC_SIGNATURE_HEADER", value_name = "HEADER", default_value = "x-signature", value_parser = read(header))]
    pub vapi_hmac_signature_header: String,
    /// What stands before the signature, such as sha256=.
    #[arg(long, env = "VAPI_HMAC_SIGNATURE_PREFIX", value_name = "PREFIX", value_parser = text())]
    pub vapi_hmac_signature_prefix: Option<String>,
    /// How the signature is written: hex or base64.
    #[arg(long, env = "VAPI_HMAC_SIGNATURE_ENCODING", value_name = "ENCODING", default_value = "hex", value_parser = one_of([("hex", Encoding::Hex), ("base64", Encoding::Base64)]))]
    pub vapi_hmac_signature_encoding: Encoding,
    /// The header of the timestamp.
    #[arg(long, env = "VAPI_HMAC_TIMESTAMP_HEADER", value_name = "HEADER", default_value = "x-timestamp", value_parser = read(header))]
    pub vapi_hmac_timestamp_header: String,
    /// Whether the timestamp is signed and must be recent: true or false.
    #[arg(long, env = "VAPI_HMAC_INCLUDE_TIMESTAMP", value_name = "BOOL", default_value = "true", action = ArgAction::Set, value_parser = read(truth))]
    pub vapi_hmac_include_timestamp: bool,
    /// What is signed, of {body} {timestamp} {method} {url} {svix-id}; {timestamp}.{body} if left out, or {body} when no
    /// timestamp is included.
    #[arg(long, env = "VAPI_HMAC_PAYLOAD_FORMAT", value_name = "FORMAT", value_parser = text())]
    pub vapi_hmac_payload_format: Option<String>,
    /// The header of the message id, where {svix-id} is signed.
    #[arg(long, env = "VAPI_HMAC_MESSAGE_ID_HEADER", value_name = "HEADER", value_parser = read(header))]
    pub vapi_hmac_message_id_header: Option<String>,
    /// Whether the key is given as base64: true or false.
    #[arg(long, env = "VAPI_HMAC_SECRET_IS_BASE64", value_name = "BOOL", default_value = "false", action = ArgAction::Set, value_parser = read(truth))]
    pub vapi_hmac_secret_is_base64: bool,
}

impl WebhookSettings {
    /// Makes the verifier of the service's own path; empty when no secret is given.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<Verifier, SettingError> {
        let prefix = &self.vapi_bearer_prefix;
        let has_prefix = !prefix.is_empty() && !prefix.eq_ignore_ascii_case("none");
        let verifier = Verifier::default()
            .with_secrets(self.vapi_secret.clone().unwrap_or_default())
            .with_bearer(BearerPlan {
                tokens: self.vapi_bearer_token.clone().unwrap_or_default(),
                header: self.vapi_bearer_header.clone(),
                prefix: has_prefix.then(|| prefix.clone()),
            });
        let plan = self.hmac(self.vapi_hmac_secret.clone().unwrap_or_default());
        if plan.secrets.is_empty() {
            return Ok(verifier);
        }
        let plan = HmacPlan::new(plan).map_err(|problem| self.blame(problem))?;
        Ok(verifier.with_hmac(plan))
    }

    /// The plan by which an organization's own secret signs: the service's, with keys that are the secrets as they stand.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn own_plan(&self) -> Result<HmacSettings, SettingError> {
        // Checked with a key that stands for those to come, so that a plan that cannot work stops the start.
        let mut plan = HmacSettings {
            secret_is_base64: false,
            ..self.hmac(vec!["any".into()])
        };
        HmacPlan::new(plan.clone()).map_err(|problem| self.blame(problem))?;
        plan.secrets.clear();
        Ok(plan)
    }

    /// The first live secret that is sent as it is.
    #[must_use]
    pub fn first_secret(&self) -> Option<String> {
        let first = self.vapi_secret.as_ref()?.first()?;
        Some(first.expose_secret().to_owned())
    }

    fn hmac(&self, secrets: Secrets) -> HmacSettings {
        HmacSettings {
            secret_is_base64: self.vapi_hmac_secret_is_base64,
            signature_header: self.vapi_hmac_signature_header.clone(),
            timestamp_header: self.vapi_hmac_timestamp_header.clone(),
            include_timestamp: self.vapi_hmac_include_timestamp,
            signature_prefix: self.vapi_hmac_signature_prefix.clone(),
            payload_format: self.vapi_hmac_payload_format.clone(),
            encoding: self.vapi_hmac_signature_encoding,
            message_id_header: self.vapi_hmac_message_id_header.clone(),
            window: WINDOW,
            ..HmacSettings::new(self.vapi_hmac_algorithm, secrets)
        }
    }

    /// Names the setting that makes a plan unusable.
    fn blame(&self, problem: PlanProblem) -> SettingError {
        match problem {
            PlanProblem::EmptySecret | PlanProblem::SecretNotBase64 => SettingError::secret(
                "VAPI_HMAC_SECRET",
                "base64 text while VAPI_HMAC_SECRET_IS_BASE64 is true",
            ),
            PlanProblem::NoMessageIdHeader => SettingError::new(
                "VAPI_HMAC_MESSAGE_ID_HEADER",
                "",
                "the header of the message id, since VAPI_HMAC_PAYLOAD_FORMAT signs {svix-id}",
            ),
            PlanProblem::UnknownAlgorithm
            | PlanProblem::UnknownEncoding
            | PlanProblem::NamelessHeader
            | PlanProblem::BodyNotSigned
            | PlanProblem::TimestampNotSigned
            | PlanProblem::UnknownPlaceholder => SettingError::new(
                "VAPI_HMAC_PAYLOAD_FORMAT",
                self.vapi_hmac_payload_format.as_deref().unwrap_or_default(),
                "text with {body}, with {timestamp} unless VAPI_HMAC_INCLUDE_TIMESTAMP is false, and otherwise only {method}, {url} and {svix-id}",
            ),
        }
    }
}

fn header(name: &str, text: &str) -> Result<String, SettingError> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if text.chars().all(is_letter) {
        return Ok(text.to_owned());
    }
    let allowed = "the name of a header, such as x-signature";
    Err(SettingError::new(name, text, allowed))
}
