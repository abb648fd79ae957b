//! The engines and the service behind them, each a process or two.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use crate::tool::root;

/// The service behind all of them.
pub(super) struct Upstream {
    pub(super) port: u16,
    /// It ends when this is closed.
    _input: ChildStdin,
    _child: Child,
}

impl Upstream {
    pub(super) fn start(program: &Path) -> Result<Self> {
        // The clients are on the same core: the other one is the engine's.
        let mut child = on_core(1, program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut line = String::new();
        BufReader::new(output.context("it has an output")?).read_line(&mut line)?;
        Ok(Self {
            port: line.trim().parse()?,
            _input: input.context("it has an input")?,
            _child: child,
        })
    }
}

/// A proxy that runs with one thread on one core; it ends when this is dropped.
pub(super) struct Engine {
    pub(super) name: &'static str,
    pub(super) port: u16,
    child: Child,
    _folder: Folder,
}

impl Engine {
    /// One worker. The connections to the upstream are kept, which the configuration that is compared
    /// for its answers leaves out.
    pub(super) fn nginx(upstream: u16) -> Result<Self> {
        let kept =
            format!("http {{\n  upstream kept {{ server 127.0.0.1:{upstream}; keepalive 64; }}\n");
        Self::start("nginx", "nginx.conf", upstream, |text| {
            text.replacen("http {\n", &kept, 1)
                .replace(
                    "proxy_set_header Host $http_host;",
                    "proxy_set_header Host $http_host; proxy_set_header Connection \"\";",
                )
                .replace(
                    &format!("proxy_pass http://127.0.0.1:{upstream};"),
                    "proxy_pass http://kept;",
                )
        })
    }

    pub(super) fn haproxy(upstream: u16) -> Result<Self> {
        Self::start("HAProxy", "haproxy.cfg", upstream, |text| {
            text.replacen("global\n", "global\n  nbthread 1\n", 1)
        })
    }

    pub(super) fn corsac(program: &Path, upstream: u16) -> Result<Self> {
        let folder = Folder::new("corsac")?;
        let port = free_port()?;
        let policy = folder.0.join("corsac.toml");
        fs::write(&policy, POLICY)?;
        let mut command = on_core(0, program);
        command
            .args(["serve", "--log", "off", "--workers", "1"])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--upstream", &format!("http://127.0.0.1:{upstream}")])
            .arg("--policy")
            .arg(policy);
        Self::spawn("corsac serve", port, folder, command)
    }

    fn start(
        name: &'static str,
        file: &str,
        upstream: u16,
        change: impl FnOnce(String) -> String,
    ) -> Result<Self> {
        let folder = Folder::new(name)?;
        let (port, dead) = (free_port()?, free_port()?);
        let text = fs::read_to_string(root().join("conformance/engines").join(file))?;
        let text = text
            .replace("{LISTEN}", &port.to_string())
            .replace("{UPSTREAM}", &upstream.to_string())
            .replace("{DEAD}", &dead.to_string())
            .replace("{DIR}", &folder.0.to_string_lossy());
        let path = folder.0.join(file);
        fs::write(&path, change(text))?;
        let mut command = on_core(0, Path::new(&name.to_ascii_lowercase()));
        match name {
            "nginx" => command.arg("-p").arg(&folder.0).arg("-c").arg(path),
            _ => command.arg("-db").arg("-f").arg(path),
        };
        Self::spawn(name, port, folder, command)
    }

    fn spawn(name: &'static str, port: u16, folder: Folder, mut command: Command) -> Result<Self> {
        let log = fs::File::create(folder.0.join("log"))?;
        let child = command
            .env("PATH", with_sbin())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{name}; cargo xtask servers installs the others"))?;
        let mut engine = Self {
            name,
            port,
            child,
            _folder: folder,
        };
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let has_ended = engine.child.try_wait()?.is_some() || Instant::now() > end;
            let log = engine._folder.0.join("log");
            ensure!(!has_ended, "{name}: {}", fs::read_to_string(log)?);
            thread::sleep(Duration::from_millis(20));
        }
        Ok(engine)
    }

    /// Nanoseconds that its threads and its children's have spent on a processor.
    pub(super) fn time(&self) -> Result<u64> {
        let mut processes = vec![self.child.id().to_string()];
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let children = fs::read_to_string(children)?;
        processes.extend(children.split_whitespace().map(str::to_owned));
        let mut time = 0;
        for process in processes {
            for thread in fs::read_dir(format!("/proc/{process}/task"))? {
                let stat = fs::read_to_string(thread?.path().join("schedstat"))?;
                let first = stat.split_whitespace().next();
                time += first.context("a thread has a time")?.parse::<u64>()?;
            }
        }
        Ok(time)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // nginx would leave its worker behind, were it killed outright.
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        let end = Instant::now() + Duration::from_secs(10);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(Duration::from_millis(10));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The policy of `conformance/engines/README.md`.
const POLICY: &str = r#"version = 1

[[policy]]
paths = ["/**"]
allow-origins = ["https://a.example", "https://*.b.example"]
allow-methods = ["PUT", "DELETE"]
allow-headers = ["content-type", "authorization", "x-api-key"]
allow-credentials = true
expose-headers = ["x-request-id"]
max-age = 600
"#;

/// A program on one of the machine's cores.
pub(super) fn on_core(core: u8, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program);
    command
}

/// Servers live where only an administrator's PATH leads.
fn with_sbin() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{path}:/usr/sbin:/usr/local/sbin")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// A folder that is removed in the end.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Result<Self> {
        let folder = format!("corsac-bench-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(folder);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
