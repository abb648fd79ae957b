//! What people read, whole. `SNAPSHOTS=overwrite cargo test -p corsac-cli` writes it anew.

use std::path::Path;

use snapbox::{Assert, Data};

use crate::check::{
    report::Report,
    text::{Glyphs, Look, render},
};

use super::{REPORTS, report};

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Compares with a file beside this one, byte for byte.
fn holds(name: &str, width: usize, how: &str, text: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/check/text/tests/expected")
        .join(format!("{name}.{width}.{how}.txt"));
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(text, Data::read_from(&path, None).raw());
}

fn all_looks(name: &str, reports: &[Report]) {
    for width in [80, 100] {
        let unicode = Look {
            width,
            glyphs: Glyphs::Unicode,
            verbose: false,
        };
        let ascii = Look {
            glyphs: Glyphs::Ascii,
            ..unicode
        };
        let coloured = render(reports, unicode);
        holds(name, width, "plain", plain(&coloured));
        holds(name, width, "ascii", plain(&render(reports, ascii)));
        holds(name, width, "coloured", coloured);
    }
}

#[test]
fn every_report_reads_as_expected() {
    for (name, json) in REPORTS {
        all_looks(name, &[report(json)]);
    }
}

#[test]
fn several_origins_make_a_matrix() {
    let reports: Vec<_> = REPORTS
        .iter()
        .zip([
            "https://site-a.example",
            "https://www.site-a.example",
            "null",
        ])
        .map(|((_, json), origin)| {
            let mut report = report(json);
            origin.clone_into(&mut report.request.origin);
            report
        })
        .collect();
    all_looks("matrix", &reports);
}

#[test]
fn all_of_it_is_asked_for_with_v() {
    let report = report(include_str!("reports/preflighted.json"));
    let look = Look {
        width: 100,
        glyphs: Glyphs::Unicode,
        verbose: true,
    };
    holds(
        "preflighted",
        100,
        "verbose",
        plain(&render(&[report], look)),
    );
}
