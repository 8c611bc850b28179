use super::*;
use crate::vapi::authenticate::hmac::{Algorithm, Encoding, HmacSettings};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Case {
    name: String,
    plan: Plan,
    headers: HashMap<String, String>,
    method: String,
    url: String,
    #[serde(default)]
    body: String,
    body_base64: Option<String>,
    now: DateTime<Utc>,
    accepted: bool,
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    #[serde(default)]
    secrets: Vec<String>,
    bearer: Option<Bearer>,
    hmac: Option<Hmac>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bearer {
    tokens: Vec<String>,
    header: Option<String>,
    prefix: Option<String>,
    #[serde(default)]
    without_prefix: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Hmac {
    secret_keys: Vec<String>,
    algorithm: String,
    secret_is_base64: Option<bool>,
    signature_header: Option<String>,
    timestamp_header: Option<String>,
    signature_prefix: Option<String>,
    include_timestamp: Option<bool>,
    payload_format: Option<String>,
    message_id_header: Option<String>,
    signature_encoding: Option<String>,
}

fn secrets(texts: &[String]) -> Vec<SecretString> {
    texts.iter().map(|text| text.as_str().into()).collect()
}

fn verifier(plan: &Plan) -> Verifier {
    let mut verifier = Verifier::default().with_secrets(secrets(&plan.secrets));
    if let Some(given) = &plan.bearer {
        let mut bearer = BearerPlan::new(secrets(&given.tokens));
        bearer.header = given.header.clone().unwrap_or(bearer.header);
        bearer.prefix = given.prefix.clone().or(bearer.prefix);
        if given.without_prefix {
            bearer.prefix = None;
        }
        verifier = verifier.with_bearer(bearer);
    }
    if let Some(given) = &plan.hmac {
        let mut settings = HmacSettings::new(
            given.algorithm.parse::<Algorithm>().unwrap(),
            secrets(&given.secret_keys),
        );
        settings.secret_is_base64 = given.secret_is_base64.unwrap_or(settings.secret_is_base64);
        settings.signature_header = given
            .signature_header
            .clone()
            .unwrap_or(settings.signature_header);
        settings.timestamp_header = given
            .timestamp_header
            .clone()
            .unwrap_or(settings.timestamp_header);
        settings
            .signature_prefix
            .clone_from(&given.signature_prefix);
        settings.include_timestamp = given
            .include_timestamp
            .unwrap_or(settings.include_timestamp);
        settings.payload_format.clone_from(&given.payload_format);
        settings
            .message_id_header
            .clone_from(&given.message_id_header);
        if let Some(encoding) = &given.signature_encoding {
            settings.encoding = encoding.parse::<Encoding>().unwrap();
        }
        verifier = verifier.with_hmac(HmacPlan::new(settings).unwrap());
    }
    verifier
}

fn verdict(case: &Case) -> Result<(), Refusal> {
    let body = match &case.body_base64 {
        Some(text) => STANDARD.decode(text).unwrap(),
        None => case.body.clone().into_bytes(),
    };
    let header = |name: &str| {
        let found = case
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let request = SignedRequest {
        header: &header,
        body: &body,
        method: &case.method,
        url: &case.url,
    };
    let verifier = verifier(&case.plan);
    let verdict = verifier.verify(&request, case.now);
    let headers = SignedRequest {
        body: b"",
        ..request
    };
    let early = verifier.check_headers(&headers, case.now);
    // What the headers decide stands; only a signature waits for the body.
    match (early, verdict) {
        (Ok(Verdict::Authentic), Ok(())) | (Ok(Verdict::Signed), _) => {}
        (Err(early), Err(late)) if early == late => {}
        (early, late) => panic!("{}: {early:?} and then {late:?}", case.name),
    }
    verdict
}

#[test]
fn signatures_made_elsewhere_are_accepted_and_refused_as_they_should_be() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../../fixtures/signatures.json")).unwrap();
    let mut accepted = 0;
    let mut refusals = std::collections::BTreeSet::new();
    for case in &cases {
        let verdict = verdict(case);
        assert_eq!(verdict.is_ok(), case.accepted, "{}: {verdict:?}", case.name);
        assert_eq!(
            verdict.err().map(Refusal::label),
            case.refusal.as_deref(),
            "{}",
            case.name
        );
        accepted += usize::from(case.accepted);
        refusals.extend(case.refusal.as_deref());
    }
    assert!(accepted >= 25, "{accepted} cases are accepted");
    assert_eq!(refusals.len(), 10, "every refusal has a case: {refusals:?}");
}

#[test]
fn a_verifier_with_nothing_but_blanks_is_empty() {
    let blank = || vec![SecretString::from(""), SecretString::from(" ")];
    let verifier = Verifier::default()
        .with_secrets(blank())
        .with_bearer(BearerPlan::new(blank()));
    assert!(verifier.is_empty());
}

#[test]
fn one_secret_may_be_sent_either_way() {
    let own = [
        SecretString::from("old-secret"),
        SecretString::from("new-secret"),
    ];
    let ask = |name: &'static str, value: &'static str, own: &[SecretString]| {
        let header = move |asked: &str| (asked == name).then_some(value);
        let request = SignedRequest {
            header: &header,
            body: b"{}",
            method: "POST",
            url: "https://frontdesk.example/vapi/webhook",
        };
        Verifier::default()
            .with_secrets(own.to_vec())
            .with_bearer(BearerPlan::new(own.to_vec()))
            .verify(&request, DateTime::UNIX_EPOCH)
    };
    assert_eq!(ask("x-vapi-secret", "new-secret", &own), Ok(()));
    assert_eq!(ask("x-vapi-secret", "old-secret", &own), Ok(()));
    assert_eq!(ask("authorization", "bearer new-secret", &own), Ok(()));
    assert_eq!(
        ask("x-vapi-secret", "new-secre", &own),
        Err(Refusal::WrongSecret)
    );
    assert_eq!(
        ask("authorization", "new-secret", &own),
        Err(Refusal::WrongToken)
    );
    assert_eq!(
        ask("cookie", "new-secret", &own),
        Err(Refusal::NoCredential)
    );
    assert_eq!(
        ask("x-vapi-secret", "", &[SecretString::from("")]),
        Err(Refusal::NotConfigured)
    );
    assert_eq!(
        ask("x-vapi-secret", "new-secret", &[]),
        Err(Refusal::NotConfigured)
    );
}

#[test]
fn the_debug_form_shows_no_secret() {
    let plan = HmacPlan::new(HmacSettings::new(
        Algorithm::Sha256,
        vec!["hush-hmac".into()],
    ))
    .unwrap();
    let shown = format!(
        "{:?}",
        Verifier::default()
            .with_secrets([SecretString::from("hush-shared")])
            .with_bearer(BearerPlan::new(vec!["hush-bearer".into()]))
            .with_hmac(plan)
    );
    assert!(
        shown.contains("Verifier") && !shown.contains("hush"),
        "{shown}"
    );
}
