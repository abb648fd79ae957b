//! The checkout's own server.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose, string::Ia5String,
};
use serde_json::json;
use tempfile::TempDir;

/// Tests are written for this host and names below it.
pub const HOST: &str = "web-platform.test";
/// And for this one, which shares no site with it.
pub const OTHER_HOST: &str = "not-web-platform.test";
/// Names below both; the last two are what their IDNA forms say.
pub const SUBDOMAINS: &[&str] = &[
    "www",
    "www1",
    "www2",
    "xn--n8j6ds53lwwkrqhv28a",
    "xn--lve-6lad",
];

/// The ports of the server's own configuration, http first.
const USUAL_PORTS: [u16; 4] = [8000, 8001, 8443, 8444];

/// Until it answers.
const START: Duration = Duration::from_secs(60);

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    folder: TempDir,
    /// Where tests are, first, and another origin.
    pub http: [u16; 2],
    /// The same by TLS.
    pub https: [u16; 2],
    /// HTTP/2 by TLS, if the checkout's server can.
    pub h2: u16,
    /// The authority that the server's certificate is of.
    pub ca_pem: String,
}

impl Server {
    /// Starts the server of a checkout.
    ///
    /// # Errors
    /// It is no checkout, Python is missing or too new for it, or the server didn't come up: its own
    /// words follow.
    pub fn start(checkout: &Path) -> Result<Self> {
        for file in ["wpt", "resources/testharness.js", "tools/serve/serve.py"] {
            ensure!(
                checkout.join(file).is_file(),
                "{}: no checkout of web-platform-tests, {file} is missing",
                checkout.display()
            );
        }
        let python = python()?;
        let folder = tempfile::tempdir()?;
        let ca_pem = certificate(folder.path())?;
        let [a, b, c, d, e, f, g] = free_ports()?;
        let (http, https, h2) = ([a, b], [c, d], e);
        let config = json!({
            "browser_host": HOST,
            "alternate_hosts": { "alt": OTHER_HOST },
            "server_host": "127.0.0.1",
            "bind_address": true,
            "check_subdomains": false,
            "log_level": "warning",
            "ports": {
                "http": http, "http-private": [], "http-public": [],
                "https": https, "https-private": [], "https-public": [],
                "h2": [h2], "ws": [f], "wss": [g],
            },
            "ssl": {
                "type": "pregenerated",
                "pregenerated": {
                    "host_key_path": folder.path().join("key.pem"),
                    "host_cert_path": folder.path().join("chain.pem"),
                },
            },
        });
        let config_path = folder.path().join("config.json");
        fs::write(&config_path, config.to_string())?;
        let log = fs::File::create(folder.path().join("log"))?;
        // A group of its own: the server is many processes, and they end together.
        let process = Command::new(&python)
            .args(["wpt", "serve", "--config"])
            .arg(&config_path)
            .current_dir(checkout)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| python.display().to_string())?;
        let mut server = Self {
            process,
            folder,
            http,
            https,
            h2,
            ca_pem,
        };
        server.wait()?;
        Ok(server)
    }

    /// Every name and port of it.
    pub fn names(&self) -> impl Iterator<Item = (String, u16)> + '_ {
        let ports = self.http.into_iter().chain(self.https).chain([self.h2]);
        ports.flat_map(|port| {
            [HOST, OTHER_HOST].into_iter().flat_map(move |host| {
                let below = SUBDOMAINS.iter().map(move |it| format!("{it}.{host}"));
                below.chain([host.to_owned()]).map(move |name| (name, port))
            })
        })
    }

    /// Text that names ports, with those that the server has by default: names of subtests have them.
    pub fn with_usual_ports(&self, text: String) -> String {
        let ports = self.http.iter().chain(&self.https).zip(USUAL_PORTS);
        ports.fold(text, |text, (port, usual)| {
            text.replace(&format!(":{port}"), &format!(":{usual}"))
        })
    }

    /// What it said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn wait(&mut self) -> Result<()> {
        let began = Instant::now();
        let mut waiting = Vec::from_iter(self.http.into_iter().chain(self.https));
        while began.elapsed() < START {
            if let Some(status) = self.process.try_wait()? {
                bail!(
                    "the server of the checkout ended, {status}:\n{}",
                    self.log()
                );
            }
            // The TLS ports only need to be there; of the others one is asked for a page.
            waiting.retain(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_err());
            if waiting.is_empty() && self.http.into_iter().all(answers) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!(
            "the server of the checkout did not come up:\n{}",
            self.log()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its children would outlive it.
        let group = format!("-{}", self.process.id());
        let _ended = Command::new("kill").args(["-TERM", "--", &group]).status();
        thread::sleep(Duration::from_millis(200));
        let _ended = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _waited = self.process.wait();
    }
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let head = format!(
            "GET /common/blank.html HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start.starts_with(b"HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// The Python that runs the server: what `PYTHON` says, or `python3`.
fn python() -> Result<PathBuf> {
    let python = PathBuf::from(std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into()));
    let print = "import sys; print(*sys.version_info[:2])";
    let output = Command::new(&python).args(["-c", print]).output();
    let output = output.with_context(|| {
        format!(
            "{}: the server of web-platform-tests needs Python 3, up to 3.11",
            python.display()
        )
    })?;
    let said = String::from_utf8_lossy(&output.stdout);
    let version = version(&said).with_context(|| format!("{}: says {said:?}", python.display()))?;
    ensure!(
        version <= (3, 11),
        "{} is Python {}.{}; the server of web-platform-tests needs modules that 3.12 dropped. \
         Say in PYTHON which Python up to 3.11 to use",
        python.display(),
        version.0,
        version.1
    );
    Ok(python)
}

fn version(said: &str) -> Option<(u32, u32)> {
    let (major, minor) = said.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Ports that nobody listens on; all are held until the last is known, so that no two are one.
fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// Writes `key.pem` and `chain.pem` for every host there is; returns the authority.
fn certificate(folder: &Path) -> Result<String> {
    let ca_key = KeyPair::generate()?;
    let mut ca = CertificateParams::new(Vec::new())?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::DigitalSignature,
    ];
    ca.distinguished_name
        .push(rcgen::DnType::CommonName, "corsac wpt");
    let ca_certificate = ca.self_signed(&ca_key)?;
    let issuer = Issuer::new(ca, ca_key);

    let names = [HOST, OTHER_HOST].into_iter().flat_map(|host| {
        let below = SUBDOMAINS.iter().map(move |it| format!("{it}.{host}"));
        below.chain([host.to_owned()])
    });
    let mut params = CertificateParams::new(Vec::new())?;
    for name in names {
        let name = Ia5String::try_from(name)?;
        params.subject_alt_names.push(rcgen::SanType::DnsName(name));
    }
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &issuer)?;
    fs::write(folder.join("key.pem"), key.serialize_pem())?;
    let chain = certificate.pem() + &ca_certificate.pem();
    fs::write(folder.join("chain.pem"), chain)?;
    Ok(ca_certificate.pem())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_python_is_two_numbers() {
        for (said, expected) in [
            ("3 11\n", Some((3, 11))),
            ("3 12\n", Some((3, 12))),
            ("", None),
            ("3.9", None),
        ] {
            assert_eq!(version(said), expected, "{said:?}");
        }
    }

    #[test]
    fn a_folder_that_is_no_checkout_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = Server::start(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("no checkout of web-platform-tests, wpt is missing"),
            "{error}"
        );
    }

    #[test]
    fn free_ports_differ() {
        let [a, b, c] = free_ports().unwrap();
        assert!(a != b && b != c && a != c);
    }
}
