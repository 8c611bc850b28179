use super::*;
use proptest::prelude::*;

fn registration() -> Registration {
    Registration {
        client_id: "client".to_owned(),
        client_secret: Some("s3cret".into()),
        authorize_url: "https://accounts.example.test/auth?hd=example.test"
            .parse()
            .unwrap(),
        token_url: "https://accounts.example.test/token".parse().unwrap(),
        revoke_url: None,
        scopes: &[
            "offline_access",
            "Calendars.ReadWrite",
            "https://www.googleapis.com/auth/calendar",
        ],
        parameters: &[("access_type", "offline")],
    }
}

fn grant(scope: &str) -> Grant {
    let answer = serde_json::json!({ "access_token": "a", "expires_in": "60", "scope": scope });
    read(Answer::of(200, answer.to_string().into_bytes())).unwrap()
}

#[test]
fn the_challenge_is_that_of_rfc_7636() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into();
    let expected = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert_eq!(challenge(&verifier), expected);
    // 43 characters are the fewest that are allowed.
    let attempt = Attempt::new().unwrap();
    assert_eq!(attempt.verifier.expose_secret().len(), 43);
    assert_ne!(
        attempt.verifier.expose_secret(),
        attempt.state.expose_secret()
    );
}

#[test]
fn the_owner_is_asked_with_all_that_is_needed_and_no_secret() {
    let attempt = Attempt::new().unwrap();
    let url = registration().authorization_url(&attempt, "http://127.0.0.1:1/?a=b&c");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let value = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(value("hd"), Some("example.test"));
    assert_eq!(value("response_type"), Some("code"));
    assert_eq!(value("client_id"), Some("client"));
    assert_eq!(value("redirect_uri"), Some("http://127.0.0.1:1/?a=b&c"));
    assert_eq!(value("code_challenge_method"), Some("S256"));
    assert_eq!(
        value("code_challenge"),
        Some(&*challenge(&attempt.verifier))
    );
    assert_eq!(value("state"), Some(attempt.state.expose_secret()));
    assert_eq!(value("access_type"), Some("offline"));
    assert!(value("scope").unwrap().starts_with("offline_access "));
    assert!(!url.as_str().contains("s3cret"));
    assert!(!url.as_str().contains(attempt.verifier.expose_secret()));
}

#[test]
fn what_was_not_granted_is_missing() {
    let all =
        "https://graph.microsoft.com/calendars.readwrite https://www.googleapis.com/auth/calendar";
    assert_eq!(grant(all).missing(&registration()), [""; 0]);
    assert_eq!(
        grant("openid https://www.googleapis.com/auth/calendar").missing(&registration()),
        ["Calendars.ReadWrite"]
    );
    assert_eq!(grant("").missing(&registration()).len(), 2);
    assert_eq!(grant("").expires_in, Duration::from_mins(1));
}

proptest! {
    #[test]
    fn any_answer_is_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200), status in 100_u16..600) {
        let answer = Answer::of(status, body);
        prop_assert_eq!(problem(&answer).is_none(), (200..300).contains(&status));
        drop(read(answer));
    }

    #[test]
    fn any_lifetime_is_bounded(expires_in in "-?[0-9]{0,30}", is_text in any::<bool>()) {
        let value = if is_text { format!("\"{expires_in}\"") } else { expires_in };
        let body = format!("{{\"access_token\": \"a\", \"expires_in\": {value}}}");
        let answer = Answer::of(200, body.into_bytes());
        if let Ok(grant) = read(answer) {
            prop_assert!(grant.expires_in <= MAX_LIFETIME);
        }
    }
}
