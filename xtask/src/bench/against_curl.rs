//! `cargo xtask bench check`: what `corsac check` takes from start to finish, beside curl.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use crate::tool::{Tool, metadata};

/// Runs of each, taken in turn, so that other work on the machine meets both.
const RUNS: usize = 201;
/// What it may take more than curl, which judges nothing.
const MORE: Duration = Duration::from_millis(5);

/// Measures; says whether it is as fast as it has to be.
pub(super) fn run() -> Result<bool> {
    ensure!(
        Tool::new("curl").args(["--version"]).succeeds(),
        "curl is not here: `cargo xtask servers` installs it"
    );
    ensure!(
        Tool::cargo("build --locked --release --package corsac-cli").run()?,
        "it does not build"
    );
    let metadata = metadata()?;
    let target = metadata.get("target_directory").and_then(|it| it.as_str());
    let corsac = format!("{}/release/corsac", target.unwrap_or("target"));
    let url = format!("http://{}/", serve()?);
    let ours = || Tool::new(&corsac).args(["check", &url, "--origin", "http://sitea.com"]);
    let theirs = || Tool::new("curl").args(["--silent", &url]);
    let said = ours().stdout()?;
    ensure!(said.contains("READABLE"), "{said}");
    ensure!(theirs().stdout()? == "hi", "curl reads something else");
    let (mut check, mut curl) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        check.push(time(ours())?);
        curl.push(time(theirs())?);
    }
    let (check, curl) = (median(check), median(curl));
    println!("corsac check {check:>10.2?}\ncurl         {curl:>10.2?}");
    Ok(check <= curl + MORE)
}

fn time(tool: Tool) -> Result<Duration> {
    let began = Instant::now();
    ensure!(tool.capture()?.succeeded, "a run failed");
    Ok(began.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A server that grants everything to everybody, for as long as this process lives.
fn serve() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever hangs up early is the measured program's affair.
            let _ = answer(&stream);
        }
    });
    Ok(address)
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\
          Connection: close\r\n\r\nhi",
    )
}
