//! What proves that a message comes from Vapi: the settings of its authentication plans.

use std::time::Duration;

use clap::Args;

use super::{SettingError, non_empty, secrets, strong_secrets};
use crate::vapi::{
    authenticate::hmac::{Algorithm, Encoding, HmacPlan, HmacSettings, PlanProblem},
    authenticate::{BearerPlan, Verifier},
};

/// How far a signed timestamp may be from now, both ways: what Svix and the Standard Webhooks use.
const WINDOW: Duration = Duration::from_mins(5);

/// The settings of Vapi's authentication, as they were given.
#[derive(Args, Clone)]
pub struct WebhookSettings {
    /// The secret that Vapi sends as X-Vapi-Secret; a comma separates two live ones.
    #[arg(
        long,
        env = "VAPI_SECRET",
        hide_env_values = true,
        value_name = "SECRETS",
        default_value = ""
    )]
    pub vapi_secret: String,
    /// The bearer token that Vapi sends; a comma separates two live ones.
    #[arg(
        long,
        env = "VAPI_BEARER_TOKEN",
        hide_env_values = true,
        value_name = "TOKENS",
        default_value = ""
    )]
    pub vapi_bearer_token: String,
    /// The header of the bearer token.
    #[arg(
        long,
        env = "VAPI_BEARER_HEADER",
        value_name = "HEADER",
        default_value = "Authorization"
    )]
    pub vapi_bearer_header: String,
    /// What stands before the bearer token; none when the header is the token alone.
    #[arg(
        long,
        env = "VAPI_BEARER_PREFIX",
        value_name = "PREFIX",
        default_value = "Bearer"
    )]
    pub vapi_bearer_prefix: String,
    /// The key with which Vapi signs; a comma separates two live ones.
    #[arg(
        long,
        env = "VAPI_HMAC_SECRET",
        hide_env_values = true,
        value_name = "SECRETS",
        default_value = ""
    )]
    pub vapi_hmac_secret: String,
    /// The digest of the signature: sha256, sha512 or sha1.
    #[arg(
        long,
        env = "VAPI_HMAC_ALGORITHM",
        value_name = "ALGORITHM",
        default_value = "sha256"
    )]
    pub vapi_hmac_algorithm: String,
    /// The header of the signature.
    #[arg(
        long,
        env = "VAPI_HMAC_SIGNATURE_HEADER",
        value_name = "HEADER",
        default_value = "x-signature"
    )]
    pub vapi_hmac_signature_header: String,
    /// What stands before the signature, such as sha256=.
    #[arg(
        long,
        env = "VAPI_HMAC_SIGNATURE_PREFIX",
        value_name = "PREFIX",
        default_value = ""
    )]
    pub vapi_hmac_signature_prefix: String,
    /// How the signature is written: hex or base64.
    #[arg(
        long,
        env = "VAPI_HMAC_SIGNATURE_ENCODING",
        value_name = "ENCODING",
        default_value = "hex"
    )]
    pub vapi_hmac_signature_encoding: String,
    /// The header of the timestamp.
    #[arg(
        long,
        env = "VAPI_HMAC_TIMESTAMP_HEADER",
        value_name = "HEADER",
        default_value = "x-timestamp"
    )]
    pub vapi_hmac_timestamp_header: String,
    /// Whether the timestamp is signed and must be recent: true or false.
    #[arg(
        long,
        env = "VAPI_HMAC_INCLUDE_TIMESTAMP",
        value_name = "BOOL",
        default_value = "true"
    )]
    pub vapi_hmac_include_timestamp: String,
    /// What is signed, of {body} {timestamp} {method} {url} {svix-id}; {timestamp}.{body} if left out, or {body} when no
    /// timestamp is included.
    #[arg(
        long,
        env = "VAPI_HMAC_PAYLOAD_FORMAT",
        value_name = "FORMAT",
        default_value = ""
    )]
    pub vapi_hmac_payload_format: String,
    /// The header of the message id, where {svix-id} is signed.
    #[arg(
        long,
        env = "VAPI_HMAC_MESSAGE_ID_HEADER",
        value_name = "HEADER",
        default_value = ""
    )]
    pub vapi_hmac_message_id_header: String,
    /// Whether the key is given as base64: true or false.
    #[arg(
        long,
        env = "VAPI_HMAC_SECRET_IS_BASE64",
        value_name = "BOOL",
        default_value = "false"
    )]
    pub vapi_hmac_secret_is_base64: String,
}

impl WebhookSettings {
    /// Makes the verifier of the service's own path; empty when no secret is given.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<Verifier, SettingError> {
        let mut verifier = Verifier::default()
            .with_secrets(strong_secrets("VAPI_SECRET", &self.vapi_secret)?)
            .with_bearer(BearerPlan {
                tokens: strong_secrets("VAPI_BEARER_TOKEN", &self.vapi_bearer_token)?,
                header: header(
                    "VAPI_BEARER_HEADER",
                    &self.vapi_bearer_header,
                    "Authorization",
                )?,
                prefix: non_empty(&self.vapi_bearer_prefix)
                    .filter(|prefix| !prefix.eq_ignore_ascii_case("none"))
                    .map(str::to_owned),
            });
        let plan = self.hmac()?;
        if !plan.secrets.is_empty() {
            verifier =
                verifier.with_hmac(HmacPlan::new(plan).map_err(|problem| self.blame(problem))?);
        }
        Ok(verifier)
    }

    /// The plan by which an organization's own secret signs: the service's, with keys that are the secrets as they stand.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn own_plan(&self) -> Result<HmacSettings, SettingError> {
        let mut plan = self.hmac()?;
        plan.secret_is_base64 = false;
        // Checked with a key that stands for those to come, so that a plan that cannot work stops the start.
        plan.secrets = secrets("any");
        HmacPlan::new(plan.clone()).map_err(|problem| self.blame(problem))?;
        plan.secrets.clear();
        Ok(plan)
    }

    fn hmac(&self) -> Result<HmacSettings, SettingError> {
        let algorithm = non_empty(&self.vapi_hmac_algorithm).unwrap_or("sha256");
        let algorithm: Algorithm = algorithm.parse().map_err(|_unknown: PlanProblem| {
            SettingError::new("VAPI_HMAC_ALGORITHM", algorithm, "sha256, sha512 or sha1")
        })?;
        let encoding = non_empty(&self.vapi_hmac_signature_encoding).unwrap_or("hex");
        let encoding: Encoding = encoding.parse().map_err(|_unknown: PlanProblem| {
            SettingError::new("VAPI_HMAC_SIGNATURE_ENCODING", encoding, "hex or base64")
        })?;
        Ok(HmacSettings {
            secret_is_base64: truth(
                "VAPI_HMAC_SECRET_IS_BASE64",
                &self.vapi_hmac_secret_is_base64,
                false,
            )?,
            signature_header: header(
                "VAPI_HMAC_SIGNATURE_HEADER",
                &self.vapi_hmac_signature_header,
                "x-signature",
            )?,
            timestamp_header: header(
                "VAPI_HMAC_TIMESTAMP_HEADER",
                &self.vapi_hmac_timestamp_header,
                "x-timestamp",
            )?,
            include_timestamp: truth(
                "VAPI_HMAC_INCLUDE_TIMESTAMP",
                &self.vapi_hmac_include_timestamp,
                true,
            )?,
            signature_prefix: non_empty(&self.vapi_hmac_signature_prefix).map(str::to_owned),
            payload_format: non_empty(&self.vapi_hmac_payload_format).map(str::to_owned),
            encoding,
            message_id_header: non_empty(&self.vapi_hmac_message_id_header)
                .map(|name| header("VAPI_HMAC_MESSAGE_ID_HEADER", name, name))
                .transpose()?,
            window: WINDOW,
            ..HmacSettings::new(
                algorithm,
                strong_secrets("VAPI_HMAC_SECRET", &self.vapi_hmac_secret)?,
            )
        })
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
                &self.vapi_hmac_payload_format,
                "text with {body}, with {timestamp} unless VAPI_HMAC_INCLUDE_TIMESTAMP is false, and otherwise only {method}, {url} and {svix-id}",
            ),
        }
    }
}

fn header(name: &'static str, text: &str, default: &str) -> Result<String, SettingError> {
    let text = non_empty(text).unwrap_or(default);
    let is_token = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c));
    if is_token {
        Ok(text.to_owned())
    } else {
        Err(SettingError::new(
            name,
            text,
            "the name of a header, such as x-signature",
        ))
    }
}

fn truth(name: &'static str, text: &str, default: bool) -> Result<bool, SettingError> {
    match non_empty(text).map(str::to_ascii_lowercase).as_deref() {
        None => Ok(default),
        Some("true" | "1" | "yes") => Ok(true),
        Some("false" | "0" | "no") => Ok(false),
        Some(_) => Err(SettingError::new(name, text, "true or false")),
    }
}
