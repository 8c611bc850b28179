//! The clients of providers against these providers' `OpenAPI` documents, as Prism (<https://stoplight.io/open-source/prism>) reads them: a
//! request that a document does not allow is answered with 422. They take the addresses of Prisms in `FRONTDESK_PRISM_TWILIO`, `_GOOGLE` and
//! `_MICROSOFT` and are no part of `make test`: `.ci/run` starts these where they can be installed, and runs this.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed"
)]

mod calendars;
mod twilio;

/// A client, and where the Prism of a provider is.
fn prism(provider: &str) -> (reqwest::Client, url::Url) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let url = std::env::var(format!("FRONTDESK_PRISM_{provider}")).unwrap();
    (reqwest::Client::new(), url.parse().unwrap())
}
