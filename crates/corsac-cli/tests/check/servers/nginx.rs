//! nginx: with and without `always`, and with an application behind it that answers, too.

use std::{fs, process::Command};

use super::{Server, program};
use crate::{
    command::check,
    raw::{Raw, response},
};

fn start(application: &str) -> Option<Server> {
    let nginx = program("nginx")?;
    let application = application.to_owned();
    Some(Server::start("nginx", move |folder, address| {
        let at = folder.display();
        let config = format!(
            r#"
daemon off;
master_process off;
pid {at}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {at}/body;
    proxy_temp_path {at}/proxy;
    fastcgi_temp_path {at}/fastcgi;
    uwsgi_temp_path {at}/uwsgi;
    scgi_temp_path {at}/scgi;
    server {{
        listen {address};
        root {at};
        location /without {{ add_header Access-Control-Allow-Origin "http://sitea.com"; }}
        location /with {{ add_header Access-Control-Allow-Origin "http://sitea.com" always; }}
        location /twice {{
            add_header Access-Control-Allow-Origin "http://sitea.com" always;
            proxy_pass http://{application};
        }}
    }}
}}
"#
        );
        fs::write(folder.join("conf"), config).unwrap();
        for place in ["without", "with"] {
            fs::create_dir_all(folder.join(place)).unwrap();
            fs::write(folder.join(place).join("there"), "hi").unwrap();
        }
        let mut command = Command::new(&nginx);
        command
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(folder.join("conf"))
            .args(["-e", "stderr"]);
        command
    }))
}

#[test]
fn without_always_errors_have_no_header() {
    let Some(nginx) = start("127.0.0.1:9") else {
        return;
    };
    check(&[&nginx.url("/without/there")]).is_readable();
    let ran = check(&[&nginx.url("/without/missing")]);
    ran.is_blocked("allow-origin-missing", "actual", 0);
    assert_eq!(ran.json["steps"][0]["response"]["status"], 404);
}

#[test]
fn with_always_they_have() {
    let Some(nginx) = start("127.0.0.1:9") else {
        return;
    };
    check(&[&nginx.url("/with/there")]).is_readable();
    let ran = check(&[&nginx.url("/with/missing")]);
    ran.is_readable();
    assert_eq!(ran.json["script"]["status"], 404);
}

/// Static files answer OPTIONS with 405, which `always` does not help.
#[test]
fn a_preflight_for_a_file_gets_405() {
    let Some(nginx) = start("127.0.0.1:9") else {
        return;
    };
    let ran = check(&[&nginx.url("/with/there"), "-H", "x-cart: 7"]);
    ran.is_blocked("preflight-status-not-ok", "preflight", 0);
    assert_eq!(
        ran.json["verdict"]["also"],
        serde_json::json!(["header-not-allowed"])
    );
    let ran = check(&[&nginx.url("/without/there"), "-H", "x-cart: 7"]);
    ran.is_blocked("allow-origin-missing", "preflight", 0);
}

#[test]
fn a_proxy_and_its_application_may_both_say_it() {
    let application = Raw::saying(response("200 OK", &["Access-Control-Allow-Origin: *"]));
    let Some(nginx) = start(&application.address().to_string()) else {
        return;
    };
    let ran = check(&[&nginx.url("/twice")]);
    ran.is_blocked("allow-origin-multiple", "actual", 0);
    let (header, line, byte, length) = ran.evidence();
    assert_eq!(
        (header, byte, length),
        ("Access-Control-Allow-Origin", 0, 16)
    );
    let headers = &ran.json["steps"][0]["response"]["headers"];
    let line = usize::try_from(line).unwrap();
    assert_eq!(headers[line][1], "http://sitea.com");
}
