//! The feed of an organization's appointments, or of one crew's, for calendar programs that subscribe to an address.
//!
//! Whoever has the address reads it. An address that is not valid is answered the same way whatever is wrong with it.

mod document;
mod token;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETag, EntityTag, Header, IfNoneMatch, RETRY_AFTER},
    web::{Data, Path},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    clock::Clock,
    db::{Binding, Database, Priority, Sql},
    error::Result,
    sql,
};

pub use token::Token;

const FIND: Sql = sql!("find_calendar_feed", [BYTEA]);
const READ: Sql = sql!("calendar_feed", [UUID, INT4]);

/// What the handler shares.
#[derive(Clone)]
pub struct Feeds {
    /// The database.
    pub database: Database,
    /// The clock of the rules.
    pub clock: Clock,
}

/// Answers a program that subscribes to a feed: its appointments, or that they are as it knows them.
pub async fn show(feeds: Data<Feeds>, token: Path<String>, request: HttpRequest) -> HttpResponse {
    // What is no token costs no query.
    let Some(token) = Token::parse(&token) else {
        return HttpResponse::NotFound().finish();
    };
    match feeds.read(&token).await {
        Ok(Some(text)) => answer(text, &request),
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(error = error.chain(), "a calendar feed could not be read");
            HttpResponse::ServiceUnavailable()
                .insert_header((RETRY_AFTER, "60"))
                .finish()
        }
    }
}

impl Feeds {
    async fn read(&self, token: &Token) -> Result<Option<String>> {
        // Callers go first.
        let database = self.database.with_priority(Priority::Read);
        let found = database.read_unbound(&FIND, &[&token.hash()]).await?;
        let Some(row) = found.first() else {
            return Ok(None);
        };
        let organization_id: Uuid = row.try_get("organization_id").map_err(FIND.shape())?;
        let crew: Option<i32> = row.try_get("crew").map_err(FIND.shape())?;
        let binding = Binding {
            organization_id,
            now: self.clock.now(),
        };
        let rows = database
            .read(&binding, &READ, &[&organization_id, &crew])
            .await?;
        document::document(&rows, crew).map_err(READ.shape())
    }
}

fn answer(text: String, request: &HttpRequest) -> HttpResponse {
    let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes())));
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_malformed) => false,
    };
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(ETag(tag))
        .insert_header((CACHE_CONTROL, "private"));
    if is_known {
        response.finish()
    } else {
        response
            .content_type("text/calendar; charset=utf-8")
            .body(text)
    }
}
