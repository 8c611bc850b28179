//! Request bodies: how large one may be, how long it may take to arrive, and how many bytes are held at once.
//!
//! Every handler that takes a body reads it here. The bytes of all bodies come out of one budget, divided so that
//! requests from strangers cannot use up what authenticated ones need.

use std::{pin::Pin, sync::Arc, time::Duration};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    error::PayloadError,
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, RETRY_AFTER},
    },
    web::{Bytes, BytesMut, Data},
};
use futures_util::{Stream, StreamExt};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a body may take to arrive; providers send theirs at once.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a body waits for others to be done when the budget is used up.
const BUDGET_TIMEOUT: Duration = Duration::from_secs(1);

/// The largest [`SmallBody`], in bytes: Twilio's forms hold a message of 1,600 characters and a few dozen short fields.
const SMALL_LIMIT: usize = 64 * 1_024;

/// How much is allocated on the word of `Content-Length` alone, in bytes.
const MAX_RESERVED: usize = 64 * 1_024;

/// What is known of the sender before the body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The headers authenticate the request.
    Authenticated,
    /// The signature over the body may authenticate the request.
    Signed,
    /// A [`SmallBody`], from anyone.
    Small,
}

/// The bytes of all bodies that are held at once, divided by [`Class`].
#[derive(Clone, Debug)]
pub struct BodyBudget {
    limit: usize,
    signed_bytes: usize,
    authenticated: Arc<Semaphore>,
    signed: Arc<Semaphore>,
    small: Arc<Semaphore>,
}

/// A body, which occupies its part of the budget until it is dropped.
#[derive(Debug)]
pub struct Body {
    bytes: Bytes,
    permit: OwnedSemaphorePermit,
}

/// A body of at most 64 KiB, such as a form.
#[derive(Debug)]
pub struct SmallBody(Body);

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is larger than is allowed.
    #[error("the body is too large")]
    TooLarge,
    /// It did not arrive in time.
    #[error("the body came too slowly")]
    TooSlow,
    /// The connection ended within it, or its encoding is broken.
    #[error("the body could not be read")]
    Broken,
    /// The budget is used up.
    #[error("too many requests at once; send it again")]
    Busy,
}

impl BodyBudget {
    /// A budget of `bytes`, of which a quarter is for [`Class::Signed`] and a sixteenth for [`Class::Small`]; `limit` is
    /// the largest body of the other classes.
    #[must_use]
    pub fn new(bytes: usize, limit: usize) -> Self {
        let (signed, small) = (bytes / 4, bytes / 16);
        Self {
            limit,
            signed_bytes: signed,
            authenticated: Arc::new(Semaphore::new(bytes - signed - small)),
            signed: Arc::new(Semaphore::new(signed)),
            small: Arc::new(Semaphore::new(small)),
        }
    }

    /// Reads a body up to the limit, or up to its organization's `own_limit`; one that says it is larger is refused before it
    /// is read.
    ///
    /// # Errors
    ///
    /// [`BodyError`], which answers the request.
    pub async fn read(
        &self,
        class: Class,
        own_limit: Option<usize>,
        request: &HttpRequest,
        payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    ) -> Result<Body, BodyError> {
        let limit = own_limit.unwrap_or(self.limit).min(self.signed_bytes);
        let (share, limit) = match class {
            Class::Authenticated => (&self.authenticated, limit),
            Class::Signed => (&self.signed, limit),
            Class::Small => (&self.small, SMALL_LIMIT),
        };
        let announced = request
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok())
            .and_then(|length| length.parse::<usize>().ok())
            .unwrap_or(0);
        let read = if announced > limit {
            Err(BodyError::TooLarge)
        } else {
            tokio::time::timeout(READ_TIMEOUT, collect(share, limit, announced, payload))
                .await
                .unwrap_or(Err(BodyError::TooSlow))
        };
        read.inspect_err(|error| {
            metrics::counter!("frontdesk_webhook_refused_total", "reason" => error.label())
                .increment(1);
        })
    }
}

async fn collect(
    share: &Arc<Semaphore>,
    limit: usize,
    announced: usize,
    mut payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
) -> Result<Body, BodyError> {
    let mut permit = take(share, 0).await?;
    let mut bytes = BytesMut::with_capacity(announced.min(MAX_RESERVED));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken| BodyError::Broken)?;
        if bytes.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge);
        }
        // What has arrived counts, not what was announced: a connection that sends nothing occupies nothing.
        permit.merge(take(share, chunk.len()).await?);
        bytes.extend_from_slice(&chunk);
    }
    Ok(Body {
        bytes: bytes.freeze(),
        permit,
    })
}

async fn take(share: &Arc<Semaphore>, bytes: usize) -> Result<OwnedSemaphorePermit, BodyError> {
    let bytes = u32::try_from(bytes).map_err(|_overflow| BodyError::TooLarge)?;
    if let Ok(permit) = Arc::clone(share).try_acquire_many_owned(bytes) {
        return Ok(permit);
    }
    let taking = Arc::clone(share).acquire_many_owned(bytes);
    // Boxed, or the future of every request would be larger by it.
    match Box::pin(tokio::time::timeout(BUDGET_TIMEOUT, taking)).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(BodyError::Busy),
    }
}

impl Body {
    /// The bytes as they were received.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Drops the bytes; what was read out of them goes on occupying the budget until the permit is dropped.
    pub fn into_permit(self) -> OwnedSemaphorePermit {
        self.permit
    }
}

impl SmallBody {
    /// The bytes as they were received.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        self.0.bytes()
    }
}

impl FromRequest for SmallBody {
    type Error = BodyError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, BodyError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let budget = request
                .app_data::<Data<BodyBudget>>()
                .ok_or(BodyError::Busy)?;
            let body = budget.read(Class::Small, None, &request, payload).await?;
            Ok(Self(body))
        })
    }
}

impl BodyError {
    fn label(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Broken => "broken",
            Self::Busy => "busy",
        }
    }
}

impl ResponseError for BodyError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if *self == Self::Busy {
            response.insert_header((RETRY_AFTER, "1"));
        }
        response.json(json!({ "error": self.to_string() }))
    }
}
