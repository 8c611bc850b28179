use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use secrecy::SecretString;
use serde::Deserialize;
use sha1::Sha1;

use super::*;

/// A case that Twilio's own libraries are tested with: `params` for a form, `body` for anything else.
#[derive(Deserialize)]
struct Vector {
    name: String,
    token: String,
    url: String,
    params: Option<Vec<(String, String)>>,
    body: Option<String>,
    signature: Option<String>,
    valid: bool,
}

fn form(pairs: &[(String, String)]) -> Form {
    let body: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    Form::parse(body.as_bytes())
}

fn sign(token: &str, url: &str, form: &Form) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    mac.update(parameters(form).as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn every_case_of_twilios_own_libraries_is_decided_as_they_decide_it() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../fixtures/twilio/signatures.json")).unwrap();
    assert!(vectors.len() >= 32);
    for vector in vectors {
        let parsed = vector.params.as_deref().map(form);
        let content = match (&parsed, &vector.body) {
            (_, Some(body)) => Content::Other(body.as_bytes()),
            (Some(parsed), None) => Content::Form(parsed),
            (None, None) => Content::Other(b""),
        };
        let request = SignedRequest {
            url: &vector.url,
            content,
            signature: vector.signature.as_deref(),
        };
        let verified = verify(&request, &[SecretString::from(vector.token)]).is_ok();
        assert_eq!(verified, vector.valid, "{}", vector.name);
    }
}

#[test]
fn either_of_two_live_tokens_will_do() {
    let form = form(&[("CallSid".to_owned(), "CA1".to_owned())]);
    let url = "https://calls.example.com/twilio/call-status?attempt=1";
    let signature = sign("new", url, &form);
    let request = SignedRequest {
        url,
        content: Content::Form(&form),
        signature: Some(&signature),
    };

    let tokens = ["old", "new"].map(SecretString::from);
    assert_eq!(verify(&request, &tokens), Ok(()));
    assert_eq!(verify(&request, &tokens[..1]), Err(Refusal::Forged));
    assert_eq!(verify(&request, &[]), Err(Refusal::Forged));
}

#[test]
fn what_is_no_signature_is_refused() {
    let form = Form::default();
    for signature in [
        None,
        Some(""),
        Some("0/KCTR6DLpKmkAf8muzZqo1nDg"),
        Some("!"),
    ] {
        let request = SignedRequest {
            url: "https://calls.example.com/",
            content: Content::Form(&form),
            signature,
        };
        let tokens = [SecretString::from("token")];
        assert_eq!(
            verify(&request, &tokens),
            Err(Refusal::Missing),
            "{signature:?}"
        );
    }
}

#[test]
fn overrides_behind_the_address_are_not_signed() {
    let form = form(&[("A".to_owned(), "1".to_owned())]);
    let signature = sign("token", "https://calls.example.com/x?a=1", &form);
    let request = SignedRequest {
        url: "https://calls.example.com/x?a=1#rc=3&rp=5xx",
        content: Content::Form(&form),
        signature: Some(&signature),
    };
    assert_eq!(verify(&request, &[SecretString::from("token")]), Ok(()));
}

#[test]
fn only_the_port_of_an_address_is_touched() {
    for (url, other) in [
        ("https://h/p", Some("https://h:443/p")),
        ("http://h/p?q", Some("http://h:80/p?q")),
        ("https://h:8443/p", Some("https://h/p")),
        ("https://user:pass@h:8443/p", Some("https://user:pass@h/p")),
        ("https://user:pass@h/p", Some("https://user:pass@h:443/p")),
        (
            "https://[2001:db8::1]:8443/p",
            Some("https://[2001:db8::1]/p"),
        ),
        (
            "https://[2001:db8::1]/p",
            Some("https://[2001:db8::1]:443/p"),
        ),
        ("https://h/p?u=a:b", Some("https://h:443/p?u=a:b")),
        ("https://h?", Some("https://h:443?")),
        ("nothing", None),
    ] {
        assert_eq!(addresses(url).get(1).map(String::as_str), other, "{url}");
    }
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_nothing_else_does(
        pairs in prop::collection::vec(("[A-Za-z]{1,8}", ".{0,12}"), 0..8),
        token in "[a-z0-9]{1,32}",
        flipped in 0_usize..20,
    ) {
        let form = form(&pairs);
        let url = "https://calls.example.com/twilio/sms?a=b%20c";
        let signature = sign(&token, url, &form);
        let tokens = [SecretString::from(token)];
        let request = SignedRequest { url, content: Content::Form(&form), signature: Some(&signature) };
        prop_assert_eq!(verify(&request, &tokens), Ok(()));

        let mut bytes = STANDARD.decode(&signature).unwrap();
        bytes[flipped] ^= 1;
        let wrong = STANDARD.encode(bytes);
        let forged = SignedRequest { signature: Some(&wrong), ..request };
        prop_assert_eq!(verify(&forged, &tokens), Err(Refusal::Forged));
    }

    #[test]
    fn any_body_is_a_form(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let form = Form::parse(&body);
        let request = SignedRequest {
            url: "https://calls.example.com/?bodySHA256=00",
            content: Content::Other(&body),
            signature: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        };
        prop_assert!(verify(&request, &[SecretString::from("token")]).is_err());
        drop(format!("{form:?}"));
    }
}
