//! The page behind the link in an e-mail: a button that takes the emergency.
//!
//! Opening it does nothing, since mail servers and their scanners open links; only the button does.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    web::{Data, Path},
};
use uuid::Uuid;

use crate::{
    clock::Clock,
    db::Database,
    domain::language::Language,
    error::{Error, Result},
    keyring::Keyring,
    oncall::link::{self, LinkedPage},
};

/// What the handlers share.
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
        Ok(Some(linked)) => page(&button(&linked), linked.language),
        Ok(None) => unknown(),
        Err(error) => not_now(&error),
    }
}

/// Takes the emergency.
pub async fn take(links: Data<Links>, address: Path<Address>) -> HttpResponse {
    let linked = match links.open(&address).await {
        Ok(Some(linked)) => linked,
        Ok(None) => return unknown(),
        Err(error) => return not_now(&error),
    };
    match link::take(&links.database, &linked, links.clock.now()).await {
        Ok(words) => page(&format!("<p>{}</p>", escaped(&words)), linked.language),
        Err(error) => not_now(&error),
    }
}

impl Links {
    async fn open(&self, address: &Address) -> Result<Option<LinkedPage>> {
        let (organization_id, key_id, token) = address;
        link::open(
            &self.database,
            &self.keyring,
            *organization_id,
            key_id,
            token,
            self.clock.now(),
        )
        .await
    }
}

fn button(linked: &LinkedPage) -> String {
    let code = linked.page.code;
    let (text, label) = match linked.language {
        Language::English => (format!("Emergency {code}"), "I take it"),
        Language::Spanish => (format!("Emergencia {code}"), "La acepto"),
    };
    format!("<p>{text}</p><form method=\"post\"><button>{label}</button></form>")
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
