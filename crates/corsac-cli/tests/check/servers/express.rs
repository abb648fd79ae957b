//! Express with its cors package.

use std::{fs, process::Command};

use super::{Server, cached, program};
use crate::command::{check, check_of};

const APP: &str = r#"
const express = require("express");
const cors = require("cors");
const app = express();
app.use(cors({
  origin: "http://sitea.com",
  methods: ["GET", "PUT"],
  credentials: true,
  exposedHeaders: ["ETag"],
  maxAge: 600,
}));
app.all("/a", (request, response) => {
  response.set({ ETag: '"1"', "X-Request-Id": "7" }).send("hi");
});
const [host, port] = process.argv.slice(2);
app.listen(Number(port), host);
"#;

fn start() -> Option<Server> {
    let node = program("node")?;
    let modules = cached("node/node_modules")?;
    Some(Server::start("express", move |folder, address| {
        fs::write(folder.join("app.js"), APP).unwrap();
        let mut command = Command::new(&node);
        command
            .env("NODE_PATH", &modules)
            .arg(folder.join("app.js"))
            .args([address.ip().to_string(), address.port().to_string()]);
        command
    }))
}

#[test]
fn it_grants_what_it_is_told_to() {
    let Some(express) = start() else {
        return;
    };
    let url = express.url("/a");
    let ran = check(&[
        &url,
        "-X",
        "PUT",
        "-H",
        "x-cart: 7",
        "--credentials",
        "include",
    ]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /a", "PUT /a"]);
    let script = ran.json["script"]["headers"].to_string();
    assert!(
        script.contains("ETag") && !script.contains("X-Request-Id"),
        "{script}"
    );
    assert_eq!(
        ran.json["cache"][2],
        serde_json::json!({ "engine": "webkit", "max_age": 600 })
    );

    let ran = check(&[&url, "-X", "DELETE"]);
    ran.is_blocked("method-not-allowed", "preflight", 0);
    assert_eq!(ran.state(0, "allow-origin"), "ok");
}

#[test]
fn another_origin_gets_the_same_answer() {
    let Some(express) = start() else {
        return;
    };
    let ran = check_of(&[&express.url("/a"), "-o", "https://sitea.com"]);
    ran.is_blocked("allow-origin-mismatch", "actual", 0);
    let (header, _, byte, length) = ran.evidence();
    assert_eq!(
        (header, byte, length),
        ("Access-Control-Allow-Origin", 0, 16)
    );
    assert!(
        ran.json["verdict"]["message"]
            .as_str()
            .unwrap()
            .contains("scheme")
    );
}
