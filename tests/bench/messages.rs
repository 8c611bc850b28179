//! What the webhook does with every message besides asking the database: verifying, parsing and replying. One benchmark times it,
//! the other counts its instructions, and both do it here.

use std::hint::black_box;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use frontdesk::vapi::{
    authenticate::hmac::{Algorithm, HmacPlan, HmacSettings},
    authenticate::{BearerPlan, SignedRequest, Verifier},
    message::parse,
    reply::{ToolResult, tool_results},
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use serde_json::Value;
use sha2::Sha256;

/// A message at the beginning of a call.
const SMALL: &str = include_str!("../../fixtures/vapi/check_availability/string_arguments.json");

/// A message after a conversation.
const LONG: &str =
    include_str!("../../fixtures/vapi/check_availability/long_call_in_three_lists.json");

/// The least size of a large message, in bytes.
const LARGE: usize = 500_000;

/// Proofs, by their way and the size of the message.
pub const VERIFY: [&str; 6] = [
    "verify_secret_small",
    "verify_secret_large",
    "verify_bearer_small",
    "verify_bearer_large",
    "verify_signature_small",
    "verify_signature_large",
];

/// Readings, by the size of the message.
pub const PARSE: [&str; 2] = ["parse_small", "parse_large"];

/// Replies, by how many results they have.
pub const REPLY: [&str; 2] = ["reply_1_result", "reply_20_results"];

/// One piece of work with all that it takes, so that nothing but itself is measured.
pub enum Work {
    /// Proving that Vapi sent a message.
    Verify(Box<Proof>),
    /// Reading a message.
    Parse(Vec<u8>),
    /// Writing the reply to one.
    Reply(Vec<ToolResult>),
}

/// A request with what it brings, and what that is held against.
pub struct Proof {
    verifier: Verifier,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Work {
    /// The work of this name, made ready.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "verify_secret_small" => Self::Verify(Box::new(secret(small()))),
            "verify_secret_large" => Self::Verify(Box::new(secret(large()?))),
            "verify_bearer_small" => Self::Verify(Box::new(bearer(small()))),
            "verify_bearer_large" => Self::Verify(Box::new(bearer(large()?))),
            "verify_signature_small" => Self::Verify(Box::new(signature(small())?)),
            "verify_signature_large" => Self::Verify(Box::new(signature(large()?)?)),
            "parse_small" => Self::Parse(small()),
            "parse_large" => Self::Parse(large()?),
            "reply_1_result" => Self::Reply(results(1)),
            "reply_20_results" => Self::Reply(results(20)),
            _ => bail!("there is no work named {name}"),
        })
    }

    /// Does it once, and tells whether it came out as it should: a refusal or a problem would be another work.
    pub fn run(&self) -> bool {
        match self {
            Self::Verify(proof) => proof.holds(),
            Self::Parse(body) => black_box(parse(black_box(body))).is_ok(),
            Self::Reply(results) => {
                black_box(serde_json::to_vec(&tool_results(black_box(results)))).is_ok()
            }
        }
    }
}

impl Proof {
    fn holds(&self) -> bool {
        let header = |name: &str| {
            let mut headers = self.headers.iter();
            headers
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.as_str())
        };
        let request = SignedRequest {
            header: &header,
            body: black_box(&self.body),
            method: "POST",
            url: "https://frontdesk.example/vapi/webhook",
        };
        self.verifier.verify(&request, now()).is_ok()
    }
}

fn now() -> DateTime<Utc> {
    // Monday, November 23rd, 2026, when the fixtures' calls were made.
    DateTime::from_timestamp(1_795_446_000, 0).unwrap_or_default()
}

fn small() -> Vec<u8> {
    SMALL.as_bytes().to_vec()
}

/// The long call, gone on until its message is large: a message repeats the whole conversation.
fn large() -> Result<Vec<u8>> {
    let mut body: Value = serde_json::from_str(LONG)?;
    let artifact = body
        .pointer("/message/artifact")
        .context("the fixture has no artifact")?;
    let more = LARGE.saturating_sub(serde_json::to_vec(&body)?.len());
    let times = 1 + more.div_ceil(serde_json::to_vec(artifact)?.len());
    for key in ["messages", "messagesOpenAIFormatted"] {
        let said = body
            .pointer_mut("/message/artifact")
            .and_then(|artifact| artifact.get_mut(key)?.as_array_mut())
            .with_context(|| format!("the fixture has no {key}"))?;
        *said = std::iter::repeat_n(&*said, times)
            .flatten()
            .cloned()
            .collect();
    }
    Ok(serde_json::to_vec(&body)?)
}

/// A live secret beside the one that it replaces, as in a rotation.
fn secrets() -> Vec<SecretString> {
    ["the-secret-that-is-replaced", "the-secret-that-is-sent"]
        .map(SecretString::from)
        .into()
}

fn secret(body: Vec<u8>) -> Proof {
    Proof {
        verifier: Verifier::default().with_secrets(secrets()),
        headers: vec![("x-vapi-secret", "the-secret-that-is-sent".to_owned())],
        body,
    }
}

fn bearer(body: Vec<u8>) -> Proof {
    Proof {
        verifier: Verifier::default().with_bearer(BearerPlan::new(secrets())),
        headers: vec![("authorization", "Bearer the-secret-that-is-sent".to_owned())],
        body,
    }
}

/// Signed as Vapi does by default, with one live secret: each more would digest the body once more.
fn signature(body: Vec<u8>) -> Result<Proof> {
    let key = "the-secret-that-is-sent";
    let timestamp = now().timestamp().to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())?;
    for part in [timestamp.as_bytes(), b".", &body] {
        mac.update(part);
    }
    let settings = HmacSettings::new(Algorithm::Sha256, vec![key.into()]);
    Ok(Proof {
        verifier: Verifier::default().with_hmac(HmacPlan::new(settings)?),
        headers: vec![
            ("x-signature", hex::encode(mac.finalize().into_bytes())),
            ("x-timestamp", timestamp),
        ],
        body,
    })
}

fn results(count: usize) -> Vec<ToolResult> {
    (0..count)
        .map(|number| ToolResult {
            name: "check_availability".to_owned(),
            tool_call_id: Some(format!("call_5VtLq0RkPz7yWdXn3BmAs9{number:02}")),
            body: Ok(
                "On Tuesday, December 1st, I have nine a.m., ten thirty a.m. or one p.m.; which one suits you? \
                 (2026-12-01T09:00, 2026-12-01T10:30, 2026-12-01T13:00)"
                    .to_owned(),
            ),
        })
        .collect()
}
