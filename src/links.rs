//! The page behind the link in an e-mail: a button that acknowledges the incident, and then one that says that it is done.
//!
//! Opening it does nothing, since mail servers and their scanners open links; only the button does.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    web::{Data, Path},
};
use url::form_urlencoded;
use uuid::Uuid;

use crate::{
    body::SmallBody,
    clock::Clock,
    db::Database,
    domain::language::{Language, say},
    error::{Error, Result},
    escalation::{
        email_link::{self, LinkedPage, Use},
        reply::Intent,
    },
    keyring::Keyring,
};

/// What the handlers share.
#[derive(Clone)]
pub struct Links {
    /// The database.
    pub database: Database,
    /// What sealed the links.
    pub keyring: Keyring,
    /// The clock of the rules.
    pub clock: Clock,
}

type Address = (Uuid, String, String);

/// Shows the button.
pub async fn show(links: Data<Links>, address: Path<Address>) -> HttpResponse {
    match links.open(&address).await {
        Ok(Some(linked)) => links.page(&linked, None).await,
        Ok(None) => unknown(),
        Err(error) => not_now(&error),
    }
}

/// Does what the button says.
pub async fn press(links: Data<Links>, address: Path<Address>, form: SmallBody) -> HttpResponse {
    let Some(intent) = button(form.bytes()) else {
        return HttpResponse::BadRequest().finish();
    };
    let linked = match links.open(&address).await {
        Ok(Some(linked)) => linked,
        Ok(None) => return unknown(),
        Err(error) => return not_now(&error),
    };
    match email_link::press(&links.database, &linked, intent, links.clock.now()).await {
        Ok(words) => links.page(&linked, Some(&words)).await,
        Err(error) => not_now(&error),
    }
}

/// The button in a form.
fn button(form: &[u8]) -> Option<Intent> {
    let (_, button) = form_urlencoded::parse(form).find(|(name, _)| name == "wish")?;
    match button.as_ref() {
        "take" => Some(Intent::Acknowledge),
        "done" => Some(Intent::Done),
        _ => None,
    }
}

impl Links {
    async fn open(&self, address: &Address) -> Result<Option<LinkedPage>> {
        let (organization_id, key_id, token) = address;
        email_link::open(
            &self.database,
            &self.keyring,
            *organization_id,
            key_id,
            token,
            self.clock.now(),
        )
        .await
    }

    /// The page as it stands now, with what has just come of a button.
    async fn page(&self, linked: &LinkedPage, words: Option<&str>) -> HttpResponse {
        match email_link::use_of(&self.database, linked, self.clock.now()).await {
            Ok(usable) => page(&content(linked, words, usable), linked.language),
            Err(error) => not_now(&error),
        }
    }
}

/// The emergency's number, and the button for what can be done now.
fn content(linked: &LinkedPage, words: Option<&str>, usable: Use) -> String {
    let code = linked.page.code;
    let language = linked.language;
    let text = match words {
        Some(words) => escaped(words),
        None => say!(language, "Emergency {code}", "Emergencia {code}"),
    };
    let button = match usable {
        Use::Acknowledge => Some(("take", language.pick("I take it", "La acepto"))),
        Use::Close => Some(("done", language.pick("It is done", "Está resuelta"))),
        Use::Nothing => None,
    };
    let button = button.map_or_else(String::new, |(intent, label)| {
        format!(
            "<form method=\"post\"><button name=\"wish\" value=\"{intent}\">{label}</button></form>"
        )
    });
    format!("<p>{text}</p>{button}")
}

fn page(content: &str, language: Language) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
        ))
        .body(format!(
            "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>frontdesk</title>\
             <style>body{{font:1.4rem sans-serif;margin:2rem}}button{{font:inherit;padding:1rem 2rem}}</style>\
             {content}</html>",
            language.code()
        ))
}

fn unknown() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("This link is not valid.\n")
}

fn not_now(error: &Error) -> HttpResponse {
    tracing::error!(error = error.chain(), "a link could not be dealt with");
    HttpResponse::ServiceUnavailable()
        .content_type("text/plain; charset=utf-8")
        .body("That did not work just now. Please try again.\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
