use corsac::policy::PolicyConfig;
use corsac_config::{Checked, Format, Report, parse_as, to_json, to_toml};

/// A file of any bytes is judged without a panic; every finding stands in the file and can be shown;
/// and what has no mistake is the same after it was written and read again, in both formats.
pub fn config(data: &[u8]) {
    let Some((first, text)) = data.split_first() else {
        return;
    };
    let format = match first & 1 {
        0 => Format::Toml,
        _ => Format::Json,
    };
    let text = String::from_utf8_lossy(text);
    match parse_as(format, "corsac", &text) {
        Ok(checked) => {
            show(&text, &checked.lints);
            again(Format::Toml, &checked, &to_toml(checked.written()).unwrap());
            again(Format::Json, &checked, &to_json(checked.written()).unwrap());
        }
        Err(report) => {
            assert!(!report.findings().is_empty());
            show(&text, &report);
        }
    }
}

fn show(text: &str, report: &Report) {
    assert_eq!(report.to_string().is_empty(), report.findings().is_empty());
    for finding in report.findings() {
        assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
        let (line, column) = report.place(finding);
        assert!(line > 0 && column > 0);
    }
}

fn again(format: Format, checked: &Checked, text: &str) {
    let again = parse_as(format, "again", text).unwrap_or_else(|report| panic!("{report}"));
    let configs = |checked: &Checked| -> Vec<(Vec<String>, PolicyConfig)> {
        let written = checked.written();
        written
            .map(|(paths, config)| (paths.to_vec(), config.clone()))
            .collect()
    };
    assert_eq!(configs(checked), configs(&again), "{text}");
    assert!(checked.policies.diff(&again.policies).is_empty(), "{text}");
}
