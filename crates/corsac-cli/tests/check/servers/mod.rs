//! Real servers, as `cargo xtask servers` installs them.

mod axum;
mod envoy;
mod express;
mod nginx;
mod python;

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// A server's process, its folder and its address; over when dropped.
struct Server {
    child: Child,
    folder: Folder,
    address: SocketAddr,
}

impl Server {
    /// Starts a server that takes its address from what this makes of it, and waits until it takes
    /// connections. Another process may have taken the port in between, so it is tried again.
    fn start(name: &str, command: impl Fn(&Path, SocketAddr) -> Command) -> Self {
        for _ in 0..3 {
            let folder = Folder::new(name);
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap();
            drop(free);
            let mut child = command(&folder.0, address)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(fs::File::create(folder.0.join("stderr")).unwrap())
                .spawn()
                .unwrap();
            if is_up(&mut child, address) {
                return Self {
                    child,
                    folder,
                    address,
                };
            }
            let _ = child.kill();
            let _ = child.wait();
            let stderr = fs::read_to_string(folder.0.join("stderr")).unwrap_or_default();
            eprintln!("{name} did not start:\n{stderr}");
        }
        panic!("{name} does not start");
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder.0);
    }
}

fn is_up(child: &mut Child, address: SocketAddr) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) {
        if TcpStream::connect(address).is_ok() {
            return true;
        }
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

/// A folder of a server's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("corsac-check-{}-{name}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

/// A program on the path; a person may do without, a machine that judges may not.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    // Where Debian puts servers, which not everybody has on the path.
    folders.push("/usr/sbin".into());
    let found = folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|it| it.is_file());
    needed(name, found)
}

/// A file that `cargo xtask servers` fetches.
fn cached(path: &str) -> Option<PathBuf> {
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/servers");
    let found = cache.join(path);
    needed(path, found.exists().then_some(found))
}

fn needed(name: &str, found: Option<PathBuf>) -> Option<PathBuf> {
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{name} is not here: `cargo xtask servers` installs it"
        );
        eprintln!("not run: {name} is not here; `cargo xtask servers` installs it");
    }
    found
}
