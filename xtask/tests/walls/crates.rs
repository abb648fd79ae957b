//! Walls between crates.

use std::{collections::BTreeSet, fs, process::Command};

use serde_json::Value;

use crate::workspace::{PACKAGES, directory, name, root};

/// Which of our crates each of them may import. A new crate says so here first.
const OURS: &[(&str, &[&str])] = &[
    ("corsac", &[]),
    ("corsac-tower", &["corsac"]),
    ("corsac-config", &["corsac"]),
    ("corsac-agent", &["corsac"]),
    ("corsac-js", &["corsac", "corsac-agent"]),
    ("corsac-gateway", &["corsac-tower", "corsac-config"]),
    (
        "corsac-cli",
        &[
            "corsac",
            "corsac-agent",
            "corsac-config",
            "corsac-gateway",
            "corsac-js",
            "corsac-tower",
        ],
    ),
    (
        "corsac-fuzz",
        &[
            "corsac",
            "corsac-agent",
            "corsac-config",
            "corsac-gateway",
            "corsac-js",
            "corsac-tower",
        ],
    ),
    (
        "conformance",
        &[
            "corsac",
            "corsac-agent",
            "corsac-config",
            "corsac-js",
            "corsac-tower",
        ],
    ),
    ("xtask", &[]),
];

/// What the core may depend on, and of that what a server pays for.
const CORE: &[&str] = &["foldhash", "hashbrown", "http", "memchr", "psl", "url"];
const CORE_OF_A_SERVER: &[&str] = &["foldhash", "hashbrown", "http", "memchr", "psl"];

/// What the layer may depend on: whoever serves by tower has nearly all of it already.
const LAYER: &[&str] = &[
    "arc-swap",
    "corsac",
    "http",
    "pin-project-lite",
    "tower-layer",
    "tower-service",
];

/// Crates that a server without a browser half in it uses: they must not switch on `fetch`.
const SERVERS: &[&str] = &["corsac-tower", "corsac-config", "corsac-gateway"];

/// Normal and build dependencies: what a user of the crate compiles.
fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"] != "dev")
}

#[test]
fn our_crates_import_only_what_is_below_them() {
    let names: BTreeSet<_> = PACKAGES.iter().map(name).collect();
    for package in PACKAGES.iter() {
        let name = name(package);
        let allowed = OURS.iter().find(|(one, _)| *one == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{name}: which crates may it import?"));
        for dependency in dependencies(package).map(|it| it["name"].as_str().unwrap()) {
            let is_ours = names.contains(dependency);
            assert!(
                !is_ours || allowed.contains(&dependency),
                "{name} imports {dependency}"
            );
        }
    }
}

#[test]
fn the_core_depends_on_little() {
    let core = PACKAGES.iter().find(|it| name(it) == "corsac").unwrap();
    for dependency in dependencies(core) {
        let name = dependency["name"].as_str().unwrap();
        assert!(CORE.contains(&name), "the core depends on {name}");
        let optional = dependency["optional"].as_bool().unwrap();
        assert!(
            optional || CORE_OF_A_SERVER.contains(&name),
            "every server pays for {name}"
        );
    }
    let features = core["features"].as_object().unwrap();
    let of_others = features.iter().filter(|(feature, _)| *feature != "fetch");
    for (feature, switched_on) in of_others {
        let switched_on = switched_on.to_string();
        assert!(!switched_on.contains("url"), "{feature} brings url");
    }
}

#[test]
fn the_layer_depends_on_little() {
    let layer = PACKAGES.iter().find(|it| name(it) == "corsac-tower");
    for dependency in dependencies(layer.unwrap()) {
        let name = dependency["name"].as_str().unwrap();
        assert!(LAYER.contains(&name), "the layer depends on {name}");
    }
}

/// Itself included.
#[test]
fn a_server_compiles_at_most_sixteen_crates_for_the_layer() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package=corsac-tower", "--edges=normal"])
        .args(["--prefix=none", "--format={p}", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let tree = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<_> = tree.lines().filter_map(|it| it.split(' ').next()).collect();
    assert!(crates.contains("corsac-tower") && crates.contains("http"));
    assert!(crates.len() <= 16, "{crates:?}");
    for stranger in ["url", "idna", "tokio", "regex"] {
        assert!(!crates.contains(stranger), "{stranger}");
    }
}

#[test]
fn servers_do_without_the_browser_half() {
    for package in PACKAGES.iter().filter(|it| SERVERS.contains(&name(it))) {
        for dependency in dependencies(package).filter(|it| it["name"] == "corsac") {
            let features = dependency["features"].to_string();
            assert_eq!(
                dependency["uses_default_features"],
                false,
                "{}",
                name(package)
            );
            assert!(!features.contains("fetch"), "{}", name(package));
        }
    }
}

#[test]
fn every_crate_inherits_lints_and_rust_version() {
    for package in PACKAGES.iter() {
        let manifest = fs::read_to_string(directory(package).join("Cargo.toml")).unwrap();
        for line in ["[lints]\nworkspace = true", "rust-version.workspace = true"] {
            assert!(manifest.contains(line), "{}: {line}", name(package));
        }
    }
}
