//! The three engines: which programs they are, and how a session of each is asked for.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::running::find;

/// A browser that WebDriver can drive on Debian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser: WebKit's engine, though not Safari's network stack.
    Webkit,
}

/// Chromium without a word to anybody but loopback, and with the rules of a released browser.
const CHROMIUM: [&str; 22] = [
    "--headless=new",
    // As root, as CI is, its sandbox doesn't start.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-client-side-phishing-detection",
    "--metrics-recording-only",
    "--no-pings",
    "--password-store=basic",
    // A page in the background is not slowed down.
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    // Whatever a scenario names is here, over IPv4.
    "--host-resolver-rules=MAP * 127.0.0.1",
    // An http page stays one.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,Translate",
];

impl Engine {
    /// The three.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// The name it goes by on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// The programs it takes: the driver first, then the browser, then what that needs.
    pub const fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromedriver", "chromium"],
            Self::Firefox => &["geckodriver", "firefox-esr"],
            Self::Webkit => &["WebKitWebDriver", "Xvfb"],
        }
    }

    /// The first of its programs that is not here; without it no scenario is run, nor passed.
    pub fn missing(self) -> Option<&'static str> {
        let mut programs = self.programs().iter().copied();
        programs.find(|program| find(program).is_none())
    }

    /// The driver's command, listening on `port`, with everything it writes under `home`.
    pub(crate) fn driver(self, program: &Path, port: u16, home: &Path) -> Command {
        let mut command = Command::new(program);
        match self {
            Self::Chromium => command.arg(format!("--port={port}")),
            Self::Firefox => command
                .args(["--port", &port.to_string(), "--allow-system-access"])
                .args(["--log", "warn", "--profile-root"])
                .arg(home),
            Self::Webkit => command.arg(format!("--port={port}")),
        };
        command.env("HOME", home).env("TMPDIR", home);
        command
    }

    /// What the driver is asked for. `trust` is the fingerprint of the
    /// throw-away certificate's key; the other two take any certificate.
    pub(crate) fn capabilities(self, home: &Path, trust: &str) -> Value {
        match self {
            Self::Chromium => {
                let mut args: Vec<String> = CHROMIUM.iter().map(|&arg| arg.to_owned()).collect();
                args.push(format!(
                    "--user-data-dir={}",
                    home.join("profile").display()
                ));
                args.push(format!("--ignore-certificate-errors-spki-list={trust}"));
                json!({
                    "goog:chromeOptions": { "args": args },
                    "goog:loggingPrefs": { "browser": "ALL" },
                    "pageLoadStrategy": "eager",
                })
            }
            Self::Firefox => json!({
                "moz:firefoxOptions": { "args": ["-headless"], "prefs": firefox_preferences() },
                "acceptInsecureCerts": true,
                "pageLoadStrategy": "eager",
            }),
            Self::Webkit => json!({
                "webkitgtk:browserOptions": {
                    "binary": minibrowser(),
                    "args": ["--automation"],
                },
                "acceptInsecureCerts": true,
                "pageLoadStrategy": "eager",
            }),
        }
    }
}

/// What differs from a released Firefox; geckodriver itself turns telemetry and updates off.
fn firefox_preferences() -> Value {
    json!({
        // Whatever a scenario names is here, over IPv4.
        "network.dns.forceResolve": "127.0.0.1",
        "network.dns.disablePrefetch": true,
        "network.http.speculative-parallel-limit": 0,
        "network.prefetch-next": false,
        "network.predictor.enabled": false,
        "network.proxy.type": 0,
        "network.trr.mode": 5,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "browser.safebrowsing.malware.enabled": false,
        "browser.safebrowsing.phishing.enabled": false,
        "privacy.trackingprotection.enabled": false,
        "dom.security.https_first": false,
        // A third party's cookies are kept, as the other two are told to; partitioning is not CORS.
        "network.cookie.cookieBehavior": 0,
        // A connection that a scenario resets is not tried again.
        "network.http.request.max-attempts": 1,
        "browser.cache.disk.enable": false,
        "browser.cache.memory.enable": false,
        "dom.min_background_timeout_value": 4,
    })
}

/// Debian puts it where no `PATH` leads.
pub(super) fn minibrowser() -> PathBuf {
    let places = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
    let found = places.iter().flat_map(|place| {
        std::fs::read_dir("/usr/lib")
            .into_iter()
            .flatten()
            .flatten()
            .map(move |folder| folder.path().join(place).join("MiniBrowser"))
    });
    found
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| PathBuf::from("MiniBrowser"))
}
