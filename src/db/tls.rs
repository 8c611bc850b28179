//! TLS towards PostgreSQL: the machine's certificates, and the CA file of a provider that signs its own.
//!
//! libpq's `sslmode=require` checks no certificate; here a server that offers TLS is always verified, since Supabase and
//! every other provider of note publish the CA to verify it with.

use std::path::Path;

use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::pem::PemObject};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Why no TLS connector could be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The CA file cannot be read or holds no certificate.
    #[error("the CA file holds no certificate that can be read")]
    CaFile(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The TLS library refused its own defaults.
    #[error("TLS cannot be set up")]
    Setup(#[from] rustls::Error),
}

/// Makes the connector, trusting the machine's certificates and those in `ca_file`. Where it is not `used` it trusts nobody: to read
/// the certificates of a machine takes longer than to connect.
///
/// # Errors
///
/// [`TlsError::CaFile`] when the file cannot be read or holds no certificate.
pub fn connector(ca_file: Option<&Path>, used: bool) -> Result<MakeRustlsConnect, TlsError> {
    let mut roots = RootCertStore::empty();
    if used {
        // A machine without certificates can still talk to a server on a Unix socket, so a lack of them is no error here.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if let Some(path) = ca_file {
        let certificates = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| TlsError::CaFile(error.into()))?;
        if certificates.is_empty() {
            return Err(TlsError::CaFile("no certificate in the file".into()));
        }
        roots.add_parsable_certificates(certificates);
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
