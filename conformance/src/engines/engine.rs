use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::Config;

/// A proxy that can be told about CORS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// nginx.
    Nginx,
    /// HAProxy.
    Haproxy,
    /// Caddy.
    Caddy,
    /// Apache httpd.
    Apache,
    /// Envoy, with its own CORS filter.
    Envoy,
}

/// An engine that runs; it ends when this is dropped.
pub(super) struct Running {
    port: u16,
    child: Child,
    _directory: TempDir,
}

impl Engine {
    /// As its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "HAProxy",
            Self::Caddy => "Caddy",
            Self::Apache => "Apache",
            Self::Envoy => "Envoy",
        }
    }

    /// Where its program is, if it is installed.
    pub(super) fn program(self, envoy: Option<&Path>) -> Option<PathBuf> {
        let name = match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Caddy => "caddy",
            Self::Apache => "apache2",
            Self::Envoy => return envoy.filter(|path| path.exists()).map(Path::to_owned),
        };
        // Servers live where only an administrator's PATH leads.
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
        folders
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
    }

    /// Its name and version.
    pub(super) fn version(self, program: &Path) -> Result<String> {
        let argument = match self {
            Self::Caddy => "version",
            Self::Envoy => "--version",
            _ => "-v",
        };
        let output = Command::new(program).arg(argument).output()?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let is_version = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
        let words = text.split(|byte: char| !(byte.is_ascii_alphanumeric() || byte == '.'));
        let version = words
            .filter(|word| word.contains('.'))
            .find(is_version)
            .context("it says no version")?;
        Ok(format!("{} {version}", self.name()))
    }

    /// Starts it before the upstream, and waits until it takes connections.
    pub(super) fn start(self, program: &Path, config: &Config, upstream: u16) -> Result<Running> {
        let directory = tempfile::tempdir()?;
        let folder = directory.path();
        let (port, dead) = (free_port()?, free_port()?);
        let values = [
            ("{LISTEN}", port.to_string()),
            ("{UPSTREAM}", upstream.to_string()),
            ("{DEAD}", dead.to_string()),
            ("{DIR}", folder.display().to_string()),
            ("{MODULES}", "/usr/lib/apache2/modules".to_owned()),
        ];
        let text = values
            .iter()
            .fold(config.text.to_owned(), |text, (name, value)| {
                text.replace(name, value)
            });
        let config = folder.join(match self {
            // It goes by the name.
            Self::Envoy => "config.yaml",
            _ => "config",
        });
        fs::write(&config, text)?;
        let log = fs::File::create(folder.join("log"))?;
        let child = self
            .command(program, &config)
            .env("HOME", folder)
            .env("XDG_DATA_HOME", folder)
            .env("XDG_CONFIG_HOME", folder)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut running = Running {
            port,
            child,
            _directory: directory,
        };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if running.child.try_wait()?.is_some() || Instant::now() > end {
                let log = fs::read_to_string(config.with_file_name("log"))?;
                bail!("it does not listen; it says:\n{log}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(running)
    }

    fn command(self, program: &Path, config: &Path) -> Command {
        let mut command = Command::new(program);
        match self {
            Self::Nginx => command.arg("-c").arg(config).arg("-p").arg("."),
            Self::Haproxy => command.arg("-db").arg("-f").arg(config),
            Self::Caddy => command
                .args(["run", "--adapter", "caddyfile", "--config"])
                .arg(config),
            Self::Apache => command.arg("-X").arg("-f").arg(config),
            Self::Envoy => command
                .args(["--disable-hot-restart", "--concurrency", "1", "-c"])
                .arg(config),
        };
        command
    }
}

impl Running {
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // nginx and HAProxy would leave their workers behind, were they killed outright.
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that nobody listens on just now.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
