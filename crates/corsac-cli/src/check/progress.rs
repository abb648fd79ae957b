//! A sign of life on stderr, when there is somebody to see it and a reason to.

use std::{future::Future, pin::pin, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use url::Url;

/// Nobody wonders before.
const PATIENCE: Duration = Duration::from_millis(300);

/// Waits for something, with a bar if it takes long and stderr is a terminal.
pub(super) async fn shown<T>(url: &Url, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    if let Ok(done) = tokio::time::timeout(PATIENCE, work.as_mut()).await {
        return done;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} waiting for {msg}") {
        bar.set_style(style);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    bar.set_message(host);
    bar.enable_steady_tick(PATIENCE);
    let done = work.await;
    bar.finish_and_clear();
    done
}
