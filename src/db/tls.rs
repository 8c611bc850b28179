//! TLS towards PostgreSQL and providers: the machine's certificates, and the CA file of a database's provider that signs its own.
//!
//! libpq's `sslmode=require` checks no certificate; here a server that offers TLS is always verified, since Supabase and
//! every other provider of note publish the CA to verify it with.

use std::{
    path::Path,
    sync::{Arc, LazyLock, OnceLock},
};

use rustls::{
    ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
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

/// Makes the connector, trusting the machine's certificates and those in `ca_file`.
///
/// # Errors
///
/// [`TlsError::CaFile`] when the file cannot be read or holds no certificate.
pub fn connector(ca_file: Option<&Path>) -> Result<MakeRustlsConnect, TlsError> {
    let mut more = RootCertStore::empty();
    if let Some(path) = ca_file {
        let certificates = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| TlsError::CaFile(error.into()))?;
        if certificates.is_empty() {
            return Err(TlsError::CaFile("no certificate in the file".into()));
        }
        more.add_parsable_certificates(certificates);
    }
    Ok(MakeRustlsConnect::new(trusting(more)?))
}

/// Trusts the machine's certificates and `more`.
///
/// # Errors
///
/// When the TLS library refuses its own defaults.
pub fn trusting(more: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier {
        provider: Arc::clone(&provider),
        more,
        known: OnceLock::new(),
    };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Reads the machine's certificates before the first server shows its own.
pub fn read_certificates() {
    if MACHINE.is_empty() {
        tracing::error!(
            "this machine has no certificates that can be read, so that no provider can be reached; install ca-certificates"
        );
    }
}

static MACHINE: LazyLock<RootCertStore> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
});

/// Verifies as the TLS library does, but begins with the machine's certificates only when the first server shows its own: to decode them
/// takes as long as the rest of the start.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    more: RootCertStore,
    known: OnceLock<Result<Arc<WebPkiServerVerifier>, rustls::Error>>,
}

impl Verifier {
    fn known(&self) -> Result<&WebPkiServerVerifier, rustls::Error> {
        let known = self.known.get_or_init(|| {
            let mut roots = MACHINE.clone();
            roots.extend(self.more.roots.iter().cloned());
            WebPkiServerVerifier::builder_with_provider(roots.into(), Arc::clone(&self.provider))
                .build()
                .map_err(|error| OtherError(Arc::new(error)).into())
        });
        known.as_deref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.known()?
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rustls::{
        CertificateError::{self, UnknownIssuer},
        ClientConnection, Error, ServerConfig, ServerConnection,
        pki_types::PrivateKeyDer,
    };

    use super::*;

    /// Of an authority that no machine knows; the key of the authority was thrown away.
    const AUTHORITY: &str = include_str!("../../fixtures/tls/ca.pem");
    const CERTIFICATE: &str = include_str!("../../fixtures/tls/server.pem");
    const KEY: &str = include_str!("../../fixtures/tls/server.key");

    fn certificate(pem: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
    }

    /// Connects to a server whose certificate is for `localhost`.
    fn connects(more: RootCertStore, name: &'static str) -> Result<(), Error> {
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate(CERTIFICATE)],
                PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap(),
            )
            .unwrap();
        let mut server = ServerConnection::new(Arc::new(server)).unwrap();
        let name = ServerName::try_from(name).unwrap();
        let mut client = ClientConnection::new(Arc::new(trusting(more).unwrap()), name).unwrap();
        while client.is_handshaking() || server.is_handshaking() {
            let mut sent = Vec::new();
            while client.wants_write() {
                client.write_tls(&mut sent).unwrap();
            }
            server.read_tls(&mut sent.as_slice()).unwrap();
            server.process_new_packets()?;
            let mut sent = Vec::new();
            while server.wants_write() {
                server.write_tls(&mut sent).unwrap();
            }
            client.read_tls(&mut sent.as_slice()).unwrap();
            client.process_new_packets()?;
        }
        Ok(())
    }

    #[test]
    fn a_server_is_trusted_whose_authority_is_given_and_whose_name_is_asked_for() {
        let mut more = RootCertStore::empty();
        more.add(certificate(AUTHORITY)).unwrap();
        connects(more.clone(), "localhost").unwrap();
        assert!(matches!(
            connects(more, "db.example.com"),
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForNameContext { .. }
            ))
        ));
    }

    #[test]
    fn a_server_of_an_authority_that_is_not_known_is_not_trusted() {
        let refused = connects(RootCertStore::empty(), "localhost");
        assert_eq!(refused, Err(Error::InvalidCertificate(UnknownIssuer)));
    }
}
