use super::Engine;

/// One way to tell an engine the policy.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Whom it is for.
    pub engine: Engine,
    /// As correct as the engine lets one write it, or as it is copied around.
    pub kind: Kind,
    /// The file, with places for ports and folders.
    pub(super) text: &'static str,
}

/// How much its author knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything.
    Careful,
    /// What the first pages found say.
    Usual,
}

macro_rules! config {
    ($engine:ident, $kind:ident, $file:literal) => {
        Config {
            engine: Engine::$engine,
            kind: Kind::$kind,
            text: include_str!(concat!("../../engines/", $file)),
        }
    };
}

/// The columns of the table, after our own.
pub(super) const CONFIGS: &[Config] = &[
    config!(Nginx, Careful, "nginx.conf"),
    config!(Nginx, Usual, "nginx-usual.conf"),
    config!(Haproxy, Careful, "haproxy.cfg"),
    config!(Haproxy, Usual, "haproxy-usual.cfg"),
    config!(Caddy, Careful, "Caddyfile"),
    config!(Apache, Careful, "apache.conf"),
    config!(Apache, Usual, "apache-usual.conf"),
    config!(Envoy, Careful, "envoy.yaml"),
    config!(Envoy, Usual, "envoy-usual.yaml"),
];
