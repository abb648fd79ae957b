//! `corsac demo`: ten scenes between Site A's user agent and a Site B, over loopback sockets.

mod json;
mod keep;
mod play;
mod scenes;
#[cfg(feature = "js")]
mod script;
mod site_b;
mod text;

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use crate::cli::{DemoArgs, Format};
use keep::Kept;
use play::{Played, Status, play};
use scenes::SCENES;
use site_b::SiteB;

/// Plays every scene and says how it ended.
pub(crate) fn run(args: &DemoArgs) -> io::Result<ExitCode> {
    let site_b = SiteB::start()?;
    let mut out = anstream::stdout().lock();
    if args.format == Format::Text {
        text::introduction(&mut out, site_b.address())?;
    }
    let mut played = Vec::new();
    for scene in SCENES {
        let scene = play(scene, &site_b)?;
        if args.format == Format::Text {
            text::scene(&mut out, &scene)?;
        }
        played.push(scene);
    }
    match args.format {
        Format::Text => text::conclusion(&mut out, &played)?,
        Format::Json => json::write(&mut out, site_b.address(), &played)?,
    }
    if args.keep {
        keep(&mut out, args.format, site_b, &played)?;
    }
    let failed = played.iter().any(|scene| scene.status() == Status::Failed);
    Ok(ExitCode::from(u8::from(failed)))
}

/// Leaves Site B running until standard input ends, and both sites for a real browser; Site B tells
/// on stderr who asks it for what.
fn keep(out: &mut impl Write, format: Format, site_b: SiteB, played: &[Played]) -> io::Result<()> {
    let kept = Kept::start(played)?;
    let address = site_b.address();
    drop(site_b);
    if format == Format::Text {
        text::urls(out, address)?;
        text::page(out, &kept.url())?;
    }
    out.flush()?;
    let mut ignored = [0; 1024];
    let mut stdin = io::stdin().lock();
    while stdin.read(&mut ignored)? > 0 {}
    Ok(())
}
