use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use corsac::fetch::{Environment, PreflightCache, Profile, Request};
use tokio::time::Instant;
use url::Url;

use crate::{
    AgentConfig, CookieRefusal, Fetched, Opened, connect::Connector, cookies::Jar, driver::Driver,
    pool::Pool,
};

/// Who is told that a request's body was sent.
pub(crate) type OnSent = Arc<dyn Fn() + Send + Sync>;

/// A user agent: the browser of a page, without the page.
///
/// It remembers preflights, cookies and connections for as long as it lives; clones share them.
/// Several fetches may be under way at once. It needs a tokio runtime with I/O and time, one thread
/// is enough. See the [crate's example](crate).
#[derive(Clone, Debug)]
pub struct Agent {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: AgentConfig,
    pub(crate) connector: Connector,
    pub(crate) pool: Pool,
    cache: Mutex<PreflightCache>,
    jar: Mutex<Jar>,
    epoch: Instant,
}

impl Shared {
    // Nothing in there is half done when somebody panics.
    pub(crate) fn cache(&self) -> MutexGuard<'_, PreflightCache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }
}

impl From<Profile> for AgentConfig {
    fn from(profile: Profile) -> Self {
        Self::new(profile)
    }
}

impl Agent {
    /// An agent that has not met anybody yet: of a profile, or of a whole configuration.
    pub fn new(config: impl Into<AgentConfig>) -> Self {
        let shared = Shared {
            config: config.into(),
            connector: Connector::default(),
            pool: Pool::default(),
            cache: Mutex::default(),
            jar: Mutex::default(),
            epoch: Instant::now(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// How it was configured.
    pub fn config(&self) -> &AgentConfig {
        &self.shared.config
    }

    /// Fetches what a page asks for, to the end of the body.
    ///
    /// `body` goes along wherever the fetch sends one; the request states its length, or that it is a
    /// stream, which takes HTTP/2. A redirect may drop it. Dropping the future ends everything.
    pub async fn fetch(
        &self,
        page: Environment,
        request: Request,
        body: impl Into<Bytes>,
    ) -> Fetched {
        self.open(page, request, body).await.collect().await
    }

    /// Fetches what a page asks for, as far as the head of what it gets: the body can be read as it
    /// comes.
    pub async fn open(
        &self,
        page: Environment,
        request: Request,
        body: impl Into<Bytes>,
    ) -> Opened {
        Driver::new(&self.shared, page, request, body.into(), None)
            .run()
            .await
    }

    /// The same, and `on_sent` is called as soon as the request's body is sent whole: once more after
    /// a redirect that keeps it, and not at all for a preflight, nor where a server answers before it
    /// has read everything.
    ///
    /// It must not take long: nothing of this fetch goes on meanwhile.
    pub async fn open_watched(
        &self,
        page: Environment,
        request: Request,
        body: impl Into<Bytes>,
        on_sent: impl Fn() + Send + Sync + 'static,
    ) -> Opened {
        let on_sent: OnSent = Arc::new(on_sent);
        Driver::new(&self.shared, page, request, body.into(), Some(on_sent))
            .run()
            .await
    }

    /// Puts a cookie into the jar, by a line of Set-Cookie as if this URL had sent it to a page of
    /// its own.
    ///
    /// # Errors
    /// Why it is none.
    pub fn set_cookie(&self, url: &Url, line: &str) -> Result<(), CookieRefusal> {
        self.shared.jar().set(url, None, line.as_bytes())
    }

    /// Forgets preflights, cookies and connections.
    pub fn clear(&self) {
        self.shared.cache().clear();
        self.shared.jar().clear();
        self.shared.pool.clear();
    }
}
