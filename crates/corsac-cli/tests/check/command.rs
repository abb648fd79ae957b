//! One run of the command.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use jsonschema::Validator;
use serde_json::Value;

/// The page of most tests.
pub(crate) const ORIGIN: &str = "http://sitea.com";

/// What `corsac check --format json` came to.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) json: Value,
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/schema/check-1.json"
    );
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corsac"));
    command.arg("check").args(args);
    // Whatever is set where the tests run must not change what comes out.
    command.env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8");
    command
}

/// Runs it as it is.
pub(crate) fn output(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

/// Runs it as it is, in an environment of the caller's.
pub(crate) fn output_in(environment: &[(&str, &str)], args: &[&str]) -> Output {
    let mut command = command(args);
    command.envs(environment.iter().copied());
    command.output().unwrap()
}

/// Runs it with something on its standard input.
pub(crate) fn output_with_stdin(args: &[&str], stdin: &str) -> Output {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// Runs it for a page of `http://sitea.com`, and holds its JSON against the schema.
pub(crate) fn check(args: &[&str]) -> Ran {
    check_of(&[args, &["--origin", ORIGIN]].concat())
}

/// The same, without an origin.
pub(crate) fn check_of(args: &[&str]) -> Ran {
    let output = output(&[args, &["--format", "json"]].concat());
    ran(&output)
}

/// Reads what came out.
pub(crate) fn ran(output: &Output) -> Ran {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let json: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let mistakes: Vec<_> = SCHEMA.iter_errors(&json).map(|it| it.to_string()).collect();
    assert_eq!(mistakes, [""; 0], "{json:#}");
    Ran {
        exit: output.status.code().unwrap(),
        json,
    }
}

impl Ran {
    pub(crate) fn outcome(&self) -> &str {
        self.json["verdict"]["outcome"].as_str().unwrap()
    }

    pub(crate) fn code(&self) -> &str {
        self.json["verdict"]["code"].as_str().unwrap_or_default()
    }

    /// `METHOD path` of each request that left.
    pub(crate) fn wire(&self) -> Vec<String> {
        let wire = self.json["wire"].as_array().unwrap().iter();
        wire.map(|request| {
            let url: url::Url = request["url"].as_str().unwrap().parse().unwrap();
            format!("{} {}", request["method"].as_str().unwrap(), url.path())
        })
        .collect()
    }

    #[track_caller]
    pub(crate) fn is_readable(&self) {
        assert_eq!(
            (self.outcome(), self.exit),
            ("readable", 0),
            "{:#}",
            self.json
        );
    }

    /// Blocked, with this code in this phase of this hop.
    #[track_caller]
    pub(crate) fn is_blocked(&self, code: &str, phase: &str, hop: u64) {
        let verdict = &self.json["verdict"];
        assert_eq!(
            (self.outcome(), self.exit),
            ("blocked", 1),
            "{:#}",
            self.json
        );
        assert_eq!(self.code(), code, "{:#}", self.json);
        assert_eq!(verdict["phase"], phase, "{:#}", self.json);
        assert_eq!(verdict["hop"], hop, "{:#}", self.json);
    }

    /// The failing bytes: header, line, byte, length.
    #[track_caller]
    pub(crate) fn evidence(&self) -> (&str, u64, u64, u64) {
        let evidence = &self.json["verdict"]["evidence"];
        let number = |name: &str| {
            let number = evidence[name].as_u64();
            number.unwrap_or_else(|| panic!("no {name}: {:#}", self.json))
        };
        (
            evidence["header"].as_str().unwrap(),
            number("line"),
            number("byte"),
            number("length"),
        )
    }

    /// What each of the three engines makes of it: `chromium blocked`.
    pub(crate) fn engines(&self) -> Vec<String> {
        let engines = self.json["verdict"]["engines"].as_array().unwrap().iter();
        engines
            .map(|engine| {
                let outcome = engine["outcome"].as_str().unwrap_or("not judged");
                format!("{} {outcome}", engine["engine"].as_str().unwrap())
            })
            .collect()
    }

    /// How a check of a step came out.
    #[track_caller]
    pub(crate) fn state(&self, step: usize, check: &str) -> &str {
        let checks = self.json["steps"][step]["checks"].as_array().unwrap();
        let found = checks.iter().find(|it| it["check"] == check);
        found.unwrap_or_else(|| panic!("no {check}: {:#}", self.json))["state"]
            .as_str()
            .unwrap()
    }

    pub(crate) fn notes(&self) -> String {
        let notes = self.json["notes"].as_array();
        let texts = notes
            .into_iter()
            .flatten()
            .map(|note| note["text"].as_str().unwrap());
        texts.collect::<Vec<_>>().join("\n")
    }
}
