//! TLS towards mail servers: whom we trust.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of certificates that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: can't read the certificates: {reason}", path.display())]
pub struct CaFileError {
    pub path: PathBuf,
    pub reason: String,
}

/// The client's side of TLS 1.2 and 1.3, which trusts the public authorities and those of `ca_file`, a PEM file.
///
/// # Errors
/// The file can't be read, holds no certificate, or one that can't be used: whoever named an authority relies on it.
pub fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, CaFileError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = ca_file {
        add_authorities(&mut roots, path).map_err(|reason| CaFileError { path: path.to_owned(), reason })?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add_authorities(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    let mut found = 0;
    for certificate in certificates {
        found += 1;
        let added = certificate.map_err(|error| error.to_string());
        let added = added.and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|reason| format!("certificate {found} of this file: {reason}"))?;
    }
    if found == 0 { Err("there is no CERTIFICATE block in this file".to_owned()) } else { Ok(()) }
}
