//! Certificates, by files or for this run only.

use std::{fs, net::SocketAddr};

use corsac_gateway::{Certificates, TlsError, Trust, Upstream};

use super::ServeArgs;

/// What clients are shown. `addresses` are those that it listens on.
pub(super) fn certificates(
    args: &ServeArgs,
    addresses: &[SocketAddr],
) -> Result<Option<Certificates>, String> {
    if let (Some(certificates), Some(key)) = (&args.tls_cert, &args.tls_key) {
        let certificates = Certificates::from_files(certificates, key);
        return certificates
            .map(Some)
            .map_err(said("--tls-cert, --tls-key"));
    }
    if !args.tls_local {
        return Ok(None);
    }
    let mut names = vec!["localhost".to_owned(), "*.localhost".to_owned()];
    names.extend(["127.0.0.1".to_owned(), "::1".to_owned()]);
    names.extend(addresses.iter().map(|address| address.ip().to_string()));
    names.extend(args.allow_host.iter().cloned());
    names.sort_unstable();
    names.dedup();
    let (certificates, authority) = Certificates::local(names).map_err(said("--tls-local"))?;
    if let Some(path) = &args.tls_local_ca {
        fs::write(path, authority)
            .map_err(|error| format!("--tls-local-ca: {}: {error}", path.display()))?;
    }
    Ok(Some(certificates))
}

/// Who may vouch for upstreams, if any of them needs it.
pub(super) fn trust(args: &ServeArgs) -> Result<Option<Trust>, String> {
    if let Some(path) = &args.upstream_cacert {
        let trust = Trust::from_file(path);
        return trust.map(Some).map_err(said("--upstream-cacert"));
    }
    match args.upstream.iter().any(Upstream::is_https) {
        true => Trust::of_system().map(Some).map_err(said("--upstream")),
        false => Ok(None),
    }
}

fn said(flag: &'static str) -> impl Fn(TlsError) -> String {
    move |error| format!("{flag}: {error}")
}
