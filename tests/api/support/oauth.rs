//! OAuth of providers: it asks nobody, and everybody agrees.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::http::{Reply, Request};

/// frontdesk's registration.
pub const CLIENT_ID: &str = "frontdesk.example.test";
pub const CLIENT_SECRET: &str = "the-client-secret-of-the-tests";

/// What providers differ in.
#[derive(Clone, Copy)]
pub struct Rules {
    /// What scopes are granted with.
    pub prefix: &'static str,
    /// Whether there is a refresh token.
    pub is_offline: fn(&Request, &BTreeSet<String>) -> bool,
    /// Whether a refresh token stays valid where a refresh has given a new one.
    pub keeps_old: bool,
}

/// What was given out.
pub struct Tokens {
    rules: Rules,
    number: u32,
    codes: BTreeMap<String, Code>,
    /// What each allows.
    refresh: BTreeMap<String, BTreeSet<String>>,
    access: BTreeMap<String, BTreeSet<String>>,
    /// Whether each refresh gives a new refresh token and takes the old one away.
    pub rotates: bool,
    /// The scopes that the owner ticks; all without it.
    pub ticked: Option<BTreeSet<String>>,
    /// Whether the owner says no.
    pub denies: bool,
}

struct Code {
    challenge: String,
    redirect_uri: String,
    scopes: BTreeSet<String>,
    is_offline: bool,
}

impl Tokens {
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            number: 0,
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            rotates: false,
            ticked: None,
            denies: false,
        }
    }

    fn next(&mut self, kind: &str) -> String {
        self.number += 1;
        format!("{kind}-{}", self.number)
    }

    /// A new access token.
    pub fn access(&mut self, scopes: &BTreeSet<String>) -> String {
        let token = self.next("ya29.access");
        self.access.insert(token.clone(), scopes.clone());
        token
    }

    /// A new refresh token.
    pub fn refresh(&mut self, scopes: &BTreeSet<String>) -> String {
        let token = self.next("1//refresh");
        self.refresh.insert(token.clone(), scopes.clone());
        token
    }

    /// What an access token allows; `None` for one that is not valid.
    pub fn allowed(&self, request: &Request) -> Option<&BTreeSet<String>> {
        let token = request.header("authorization")?.strip_prefix("Bearer ")?;
        self.access.get(token)
    }

    /// From now on no access token is valid.
    pub fn expire(&mut self) {
        self.access.clear();
    }

    /// From now on no token is valid.
    pub fn revoke(&mut self) {
        self.access.clear();
        self.refresh.clear();
        self.codes.clear();
    }

    /// Which refresh tokens are valid.
    pub fn live(&self) -> Vec<String> {
        self.refresh.keys().cloned().collect()
    }
}

/// The scopes of a request, without what all of the provider's begin with.
pub fn scopes(prefix: &str, text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .map(|scope| scope.strip_prefix(prefix).unwrap_or(scope).to_owned())
        .collect()
}

/// Sends the owner back with a code.
pub fn authorize(tokens: &mut Tokens, request: &Request) -> Reply {
    let parameter = |name: &str| request.parameter(name).unwrap_or_default().to_owned();
    let redirect_uri = parameter("redirect_uri");
    let Ok(mut back) = redirect_uri.parse::<url::Url>() else {
        return problem(400, "redirect_uri_mismatch");
    };
    let is_loopback =
        back.scheme() == "http" && matches!(back.host_str(), Some("127.0.0.1" | "localhost"));
    if !is_loopback && back.scheme() != "https" {
        return problem(400, "redirect_uri_mismatch");
    }
    if parameter("client_id") != CLIENT_ID {
        return problem(401, "invalid_client");
    }
    if parameter("response_type") != "code" || parameter("code_challenge_method") != "S256" {
        return problem(400, "invalid_request");
    }
    if tokens.denies {
        back.query_pairs_mut()
            .append_pair("error", "access_denied")
            .append_pair("state", &parameter("state"));
        return Reply::empty(302).with("Location", back.as_str());
    }
    let mut scopes = scopes(tokens.rules.prefix, &parameter("scope"));
    if let Some(ticked) = &tokens.ticked {
        scopes.retain(|scope| ticked.contains(scope));
    }
    let code = tokens.next("4/code");
    let made = Code {
        challenge: parameter("code_challenge"),
        redirect_uri,
        is_offline: (tokens.rules.is_offline)(request, &scopes),
        scopes,
    };
    tokens.codes.insert(code.clone(), made);
    back.query_pairs_mut()
        .append_pair("state", &parameter("state"))
        .append_pair("code", &code);
    Reply::empty(302).with("Location", back.as_str())
}

/// Gives tokens for a code or a refresh token.
pub fn token(tokens: &mut Tokens, request: &Request) -> Reply {
    let form: BTreeMap<String, String> = request.form().into_iter().collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id") != CLIENT_ID || field("client_secret") != CLIENT_SECRET {
        return problem(401, "invalid_client");
    }
    let (scopes, refresh_token) = match field("grant_type") {
        "authorization_code" => {
            let Some(code) = tokens.codes.remove(field("code")) else {
                return problem(400, "invalid_grant");
            };
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
            if hash != code.challenge {
                return problem(400, "invalid_grant");
            }
            if field("redirect_uri") != code.redirect_uri {
                return problem(400, "redirect_uri_mismatch");
            }
            let refresh_token = code.is_offline.then(|| tokens.refresh(&code.scopes));
            (code.scopes, refresh_token)
        }
        "refresh_token" => {
            let token = field("refresh_token");
            let Some(scopes) = tokens.refresh.get(token).cloned() else {
                return problem(400, "invalid_grant");
            };
            let next = tokens.rotates.then(|| {
                if !tokens.rules.keeps_old {
                    tokens.refresh.remove(token);
                }
                tokens.refresh(&scopes)
            });
            (scopes, next)
        }
        _ => return problem(400, "unsupported_grant_type"),
    };
    let full: Vec<String> = scopes
        .iter()
        .filter(|scope| *scope != "offline_access")
        .map(|scope| format!("{}{scope}", tokens.rules.prefix))
        .collect();
    let mut body = json!({
        "access_token": tokens.access(&scopes),
        "expires_in": 3599,
        "scope": full.join(" "),
        "token_type": "Bearer",
    });
    if let Some(token) = refresh_token {
        body["refresh_token"] = Value::String(token);
    }
    Reply::json(200, &body)
}

/// Takes a token back, and with it all others of the account.
pub fn revoke(tokens: &mut Tokens, request: &Request) -> Reply {
    let form = request.form();
    let named = form.iter().chain(&request.query);
    let token = named
        .filter(|(name, _)| name == "token")
        .map(|(_, token)| token);
    let is_known = token
        .into_iter()
        .any(|token| tokens.refresh.contains_key(token) || tokens.access.contains_key(token));
    if !is_known {
        return problem(400, "invalid_token");
    }
    tokens.revoke();
    Reply::json(200, &json!({}))
}

/// How OAuth refuses.
pub fn problem(status: u16, error: &str) -> Reply {
    let body = json!({ "error": error, "error_description": "It is not taken." });
    Reply::json(status, &body)
}
