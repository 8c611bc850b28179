//! One connection to the program under load: HTTP/1.1, kept open, one request at a time, as Vapi's servers do it.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    rt::{Read, Write},
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

/// Where the program is reached.
#[derive(Clone)]
pub struct Endpoint {
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
    /// The address of its webhook.
    pub url: Url,
}

/// An open connection.
pub struct Connection(SendRequest<Full<Bytes>>);

/// An answer, read to its end.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
}

impl Endpoint {
    /// Where a URL points.
    pub fn new(url: Url) -> Result<Self> {
        let host = url.host_str().context("the URL has no host")?.to_owned();
        let port = url.port_or_known_default().context("the URL has no port")?;
        let tls = match url.scheme() {
            "http" => None,
            "https" => Some(tls()?),
            other => bail!("the URL's scheme is {other}; allowed: http, https"),
        };
        Ok(Self {
            host,
            port,
            tls,
            url,
        })
    }

    /// Opens a connection.
    pub async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        match &self.tls {
            None => begin(TokioIo::new(stream)).await,
            Some(tls) => {
                let name = ServerName::try_from(self.host.clone())?;
                begin(TokioIo::new(tls.connect(name, stream).await?)).await
            }
        }
    }
}

async fn begin(stream: impl Read + Write + Unpin + 'static) -> Result<Connection> {
    let (sender, driver) = handshake(stream).await?;
    // What ends the connection is told to the request that it ends.
    tokio::task::spawn_local(driver);
    Ok(Connection(sender))
}

fn tls() -> Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        roots.add(certificate)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl Connection {
    /// Tells whether the other side has ended it.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    /// Sends a request and reads its answer.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, hyper::Error> {
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer { status, body })
    }
}
