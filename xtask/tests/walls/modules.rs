//! Walls inside the core.

use crate::workspace::{root, rust_files};

/// Which modules of the core each of them must not name.
const STRANGERS: &[(&str, &[&str])] = &[
    ("origin", &["policy", "fetch", "diagnosis"]),
    ("method", &["policy", "fetch", "diagnosis"]),
    ("header", &["policy", "fetch", "diagnosis"]),
    ("diagnosis", &["policy", "fetch"]),
    ("policy", &["fetch"]),
    ("fetch", &["policy"]),
];

#[test]
fn the_halves_never_meet() {
    let mut seen = 0;
    for (path, text) in rust_files(&root().join("crates/corsac/src")) {
        let first = path.components().next().unwrap();
        let module = first.as_os_str().to_str().unwrap().trim_end_matches(".rs");
        let Some((_, strangers)) = STRANGERS.iter().find(|(one, _)| *one == module) else {
            assert_eq!(module, "lib", "{}: what may it import?", path.display());
            continue;
        };
        seen += 1;
        for stranger in strangers.iter() {
            assert!(!imports(&text, stranger), "{}: {stranger}", path.display());
        }
    }
    assert!(seen > 30);
}

/// Whether code names a module: in a `use`, or in a path that begins at a root.
fn imports(text: &str, module: &str) -> bool {
    // Without strings, which name anything: every second part between quotes.
    let code: String = text
        .lines()
        .filter_map(|line| line.split("//").next())
        .flat_map(|line| line.split('"').step_by(2).chain([" "]))
        .collect();
    let names = |part: &str| {
        let mut words = part.split(|byte: char| !byte.is_alphanumeric() && byte != '_');
        words.any(|word| word == module)
    };
    let mut statements = code.split("use ").skip(1);
    let mut paths = ["crate::", "corsac::", "std::", "super::super::"]
        .iter()
        .flat_map(|start| code.split(start).skip(1));
    let is_path = |char: char| char.is_alphanumeric() || matches!(char, '_' | ':');
    statements.any(|rest| rest.split(';').next().is_some_and(names))
        || paths.any(|rest| rest.split(|char| !is_path(char)).next().is_some_and(names))
}

/// What `crates/corsac/clippy.toml` refuses call by call, by its name alone.
#[test]
fn the_core_has_no_clock_and_no_socket() {
    const STRANGERS: &[&str] = &[
        "Instant",
        "SystemTime",
        "TcpListener",
        "TcpStream",
        "UdpSocket",
        "env",
        "fs",
        "io",
        "process",
        "thread",
    ];
    for (path, text) in rust_files(&root().join("crates/corsac/src")) {
        for stranger in STRANGERS {
            assert!(!imports(&text, stranger), "{}: {stranger}", path.display());
        }
    }
}

#[test]
fn imports_are_seen() {
    for found in [
        "use crate::policy::Policy;",
        "use crate::{\n    header::HeaderList,\n    policy,\n};",
        "fn f(policy: &crate::policy::Policy) {}",
        "use super::super::{fetch, policy::Policy};",
        "let now = std::policy::now();",
    ] {
        assert!(imports(found, "policy"), "{found}");
    }
    for other in [
        "// use crate::policy;",
        "use super::ReferrerPolicy;",
        "if !questions.policy {}",
        "use super::referrer_policy;",
        "\"because it violates the policy\";",
    ] {
        assert!(!imports(other, "policy"), "{other}");
    }
}
