//! What Twilio's handlers share, and how they authenticate a request before they read it.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::{StatusCode, header::CONTENT_TYPE},
    web::{Data, Query},
};
use secrecy::SecretString;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    form::Form,
    signature::{self, Content, SignedRequest},
};
use crate::{
    body::SmallBody, clock::Clock, db::Database, directory::Directory, domain::phone::Phone,
    error::Error,
};

/// The header with the signature (<https://www.twilio.com/docs/usage/security>).
const SIGNATURE: &str = "x-twilio-signature";

/// What Twilio's handlers share.
#[derive(Clone)]
pub struct TwilioState {
    /// The database.
    pub database: Database,
    /// Who brought which account.
    pub directory: Arc<Directory>,
    /// The clock of the rules.
    pub clock: Clock,
    /// The service's own account.
    pub account_sid: Option<String>,
    /// Its live auth tokens.
    pub auth_tokens: Vec<SecretString>,
    /// Its number and its messaging service, which every organization without one of its own texts from.
    pub shared: Shared,
    /// Under which address Twilio reaches this service, without a slash at its end: the signature is over it, and never over
    /// what a request says of its own host.
    pub public_url: Option<String>,
}

/// What organizations share that have no number of their own.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// The number.
    pub number: Option<Phone>,
    /// The messaging service.
    pub messaging_service_sid: Option<String>,
}

/// Whom an authentic request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// The service's own account: it may act for any organization.
    Service,
    /// An account that these organizations brought: it may act for them only.
    Organizations(Vec<Uuid>),
}

/// A request that is not Twilio's; answered with 403 and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not Twilio's")]
pub struct Refused;

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::Forbidden().finish()
    }
}

/// A request that is authentic: a handler that asks for one is not entered by any other.
#[derive(Debug)]
pub struct Authenticated {
    /// What it says.
    pub form: Form,
    /// On whose behalf it comes.
    pub principal: Principal,
    /// The parameters of its URL.
    pub params: CallbackParams,
}

/// The query parameters of the callback URLs that we give to Twilio.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct CallbackParams {
    /// Whose job it is.
    pub organization: Option<Uuid>,
    /// The attempt.
    pub attempt: Option<Uuid>,
    /// The transfer.
    pub transfer: Option<Uuid>,
    /// How often the keys were named already.
    #[serde(default)]
    pub asked: u8,
}

impl Shared {
    /// Whether a message came to what is shared.
    #[must_use]
    pub fn has(&self, number: &Phone, messaging_service_sid: Option<&str>) -> bool {
        self.number.as_ref() == Some(number)
            || (messaging_service_sid.is_some()
                && self.messaging_service_sid.as_deref() == messaging_service_sid)
    }
}

impl FromRequest for Authenticated {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // A request without a signature has nothing buffered.
        let body = only_signature(request)
            .and_then(signature::decode)
            .map(|_signature| SmallBody::from_request(request, payload));
        let request = request.clone();
        Box::pin(async move {
            let Some(body) = body else {
                return Err(refused().into());
            };
            let body = body.await?;
            let state = request.app_data::<Data<TwilioState>>().ok_or(Refused)?;
            let (form, principal) = state.authenticate(&request, body.bytes())?;
            let Query(params) = Query::<CallbackParams>::from_query(request.query_string())?;
            Ok(Self {
                form,
                principal,
                params,
            })
        })
    }
}

/// The signature of a request; `None` when there is none, or more than one.
fn only_signature(request: &HttpRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(SIGNATURE);
    match (headers.next(), headers.next()) {
        (Some(only), None) => only.to_str().ok(),
        _ => None,
    }
}

/// Counts and logs a refusal.
fn refused() -> Refused {
    metrics::counter!("frontdesk_webhook_refused_total", "reason" => "twilio_signature")
        .increment(1);
    tracing::warn!("a request in Twilio's name was refused");
    Refused
}

impl TwilioState {
    /// Authenticates a request over its raw bytes.
    fn authenticate(
        &self,
        request: &HttpRequest,
        body: &[u8],
    ) -> Result<(Form, Principal), Refused> {
        let form = Form::parse(body);
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                kind.split(';').next().is_some_and(|kind| {
                    kind.trim()
                        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
                })
            });
        let url = format!(
            "{}{}",
            self.public_url.as_deref().unwrap_or_default(),
            request.uri()
        );
        let signed = SignedRequest {
            url: &url,
            content: if is_form {
                Content::Form(&form)
            } else {
                Content::Other(body)
            },
            signature: only_signature(request),
        };
        let principal = self.principal(&form, &signed).ok_or_else(refused)?;
        Ok((form, principal))
    }

    /// Whose token signed a request. The account that it names only decides which tokens are tried; the signature covers it.
    fn principal(&self, form: &Form, signed: &SignedRequest<'_>) -> Option<Principal> {
        let account = form.get("AccountSid");
        if account.is_none() || account == self.account_sid.as_deref() {
            return signature::verify(signed, &self.auth_tokens)
                .ok()
                .map(|()| Principal::Service);
        }
        let owners: Vec<Uuid> = self
            .directory
            .accounts
            .with_sid(account?)
            .into_iter()
            .filter(|own| signature::verify(signed, std::slice::from_ref(&own.auth_token)).is_ok())
            .map(|own| own.organization_id)
            .collect();
        (!owners.is_empty()).then_some(Principal::Organizations(owners))
    }
}

impl Principal {
    /// Whether it may report on an organization's messages and calls.
    #[must_use]
    pub fn may_act_for(&self, organization_id: Uuid) -> bool {
        match self {
            Self::Service => true,
            Self::Organizations(owners) => owners.contains(&organization_id),
        }
    }
}

/// A request that could not be handled for now: its URL asks Twilio to send it again.
#[derive(Debug, thiserror::Error)]
#[error("a request of Twilio's ({what}) could not be handled")]
struct NotNow {
    what: &'static str,
    source: Error,
}

impl ResponseError for NotNow {
    fn error_response(&self) -> HttpResponse {
        tracing::error!(
            what = self.what,
            error.kind = self.source.label(),
            error = self.source.chain(),
            "a request of Twilio's could not be handled"
        );
        HttpResponse::ServiceUnavailable().finish()
    }
}

/// The answer to an authentic request. A document has a type of its own, without which Twilio logs an error.
pub fn answer(
    document: Result<String, Error>,
    what: &'static str,
) -> actix_web::Result<HttpResponse> {
    let document = document.map_err(|source| NotNow { what, source })?;
    Ok(HttpResponse::Ok()
        .content_type("text/xml; charset=utf-8")
        .body(document))
}

/// The answer to an authentic request that expects no document.
pub fn received(done: Result<(), Error>, what: &'static str) -> actix_web::Result<HttpResponse> {
    done.map_err(|source| NotNow { what, source })?;
    Ok(HttpResponse::NoContent().finish())
}
