//! Requests to the service, signed as Twilio signs them, with code of the tests' own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{ACCOUNT, PUBLIC_URL, World};
use crate::support::app::http;

/// A request to the service.
#[derive(Clone, Debug)]
pub struct Callback {
    pub account: String,
    pub url: String,
    pub fields: Vec<(String, String)>,
}

/// Signs a form as Twilio does.
fn sign(token: &str, url: &str, fields: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in fields {
        sorted.entry(name).or_default().insert(value);
    }
    let mut text = url.to_owned();
    for (name, values) in sorted {
        for value in values {
            text += name;
            text += value;
        }
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Sends a request to the service; gives its answer's status and body, or nothing when the service is away.
pub async fn post(world: &Arc<Mutex<World>>, callback: &Callback) -> Option<(u16, String)> {
    let (port, token) = {
        let world = world.lock().unwrap();
        (world.app_port?, world.accounts[&callback.account].clone())
    };
    // What stands behind the # asks for more tries, and is neither signed nor sent.
    let url = callback.url.split('#').next().unwrap();
    let absolute = if url.starts_with('/') {
        format!("{PUBLIC_URL}{url}")
    } else {
        url.to_owned()
    };
    let mut fields = callback.fields.clone();
    fields.push(("AccountSid".to_owned(), callback.account.clone()));
    fields.push(("ApiVersion".to_owned(), "2010-04-01".to_owned()));
    // Twilio sends what it does not know as an empty value, and signs it.
    fields.push(("ToCity".to_owned(), String::new()));
    let signature = sign(&token, &absolute, &fields);
    let local = absolute.replace(PUBLIC_URL, &format!("http://127.0.0.1:{port}"));
    let answer = http()
        .post(local)
        .header("X-Twilio-Signature", signature)
        .form(&fields)
        .send()
        .await
        .ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.text().await.unwrap_or_default()))
}

/// Sends any form to a path, signed with a token or not at all.
pub async fn raw(
    world: &Arc<Mutex<World>>,
    token: Option<&str>,
    path: &str,
    fields: &[(&str, &str)],
) -> (u16, String) {
    let port = world.lock().unwrap().app_port.unwrap();
    let mut owned: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    if !owned.iter().any(|(name, _)| name == "AccountSid") {
        owned.push(("AccountSid".to_owned(), ACCOUNT.to_owned()));
    }
    let mut request = http()
        .post(format!("http://127.0.0.1:{port}{path}"))
        .form(&owned);
    if let Some(token) = token {
        let signature = sign(token, &format!("{PUBLIC_URL}{path}"), &owned);
        request = request.header("X-Twilio-Signature", signature);
    }
    let answer = request.send().await.unwrap();
    (
        answer.status().as_u16(),
        answer.text().await.unwrap_or_default(),
    )
}
