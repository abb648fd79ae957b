//! Envoy with its native filter, which answers preflights of origins it knows and passes on others.

use std::{fs, process::Command};

use super::{Server, cached};
use crate::{
    command::{check, check_of},
    raw::{Raw, response},
};

/// The proxy, and the application behind it, which knows nothing of CORS.
fn start() -> Option<(Server, Raw)> {
    let envoy = cached("envoy/bin/envoy")?;
    let application = Raw::saying(response("200 OK", &[]));
    let port_behind = application.address().port();
    let server = Server::start("envoy", move |folder, address| {
        let config = format!(
            r#"
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: {host}, port_value: {port} }} }}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: a
          http_filters:
          - name: envoy.filters.http.cors
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
          route_config:
            virtual_hosts:
            - name: a
              domains: ["*"]
              typed_per_filter_config:
                envoy.filters.http.cors:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
                  allow_origin_string_match: [{{ exact: "http://sitea.com" }}]
                  allow_methods: "GET, PUT"
                  allow_headers: "content-type"
                  max_age: "60"
              routes:
              - match: {{ prefix: "/" }}
                route: {{ cluster: application }}
  clusters:
  - name: application
    type: STATIC
    load_assignment:
      cluster_name: application
      endpoints:
      - lb_endpoints:
        - endpoint:
            address: {{ socket_address: {{ address: 127.0.0.1, port_value: {application} }} }}
"#,
            host = address.ip(),
            port = address.port(),
            application = port_behind,
        );
        fs::write(folder.join("envoy.yaml"), config).unwrap();
        let mut command = Command::new(&envoy);
        command
            .arg("--config-path")
            .arg(folder.join("envoy.yaml"))
            .args([
                "--concurrency",
                "1",
                "--disable-hot-restart",
                "--log-level",
                "error",
            ]);
        command
    });
    Some((server, application))
}

#[test]
fn it_grants_what_it_is_told_to() {
    let Some((envoy, _application)) = start() else {
        return;
    };
    let url = envoy.url("/a");
    let ran = check(&[&url, "-X", "PUT", "--json", "{}"]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /a", "PUT /a"]);
    assert_eq!(
        ran.json["cache"][0],
        serde_json::json!({ "engine": "chromium", "max_age": 60 })
    );

    let ran = check(&[&url, "-X", "PUT", "-H", "x-cart: 7"]);
    ran.is_blocked("header-not-allowed", "preflight", 0);
    check(&[&url, "-X", "DELETE"]).is_blocked("method-not-allowed", "preflight", 0);
}

#[test]
fn another_origin_gets_nothing() {
    let Some((envoy, _application)) = start() else {
        return;
    };
    let ran = check_of(&[&envoy.url("/a"), "-o", "http://siteb.com"]);
    ran.is_blocked("allow-origin-missing", "actual", 0);
    let ran = check_of(&[&envoy.url("/a"), "-o", "http://siteb.com", "-X", "PUT"]);
    ran.is_blocked("allow-origin-missing", "preflight", 0);
}
