//! The schema of what is printed as JSON, as others can have it: `docs/schema/check-1.json`.

use schemars::JsonSchema;

use super::Report;

/// What `corsac check --format json` prints: a report, or one for each origin.
#[derive(JsonSchema)]
#[schemars(rename = "corsac/check/1", untagged)]
#[allow(dead_code, reason = "only its schema is of use")]
enum Document {
    One(Box<Report>),
    Several(Vec<Report>),
}

/// After a change: `SNAPSHOTS=overwrite cargo test -p corsac-cli schema`.
#[test]
fn the_schema_is_the_one_that_is_checked_in() {
    let schema = schemars::schema_for!(Document);
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/schema/check-1.json"
    );
    snapbox::assert_data_eq!(
        format!("{:#}\n", schema.to_value()),
        snapbox::Data::read_from(std::path::Path::new(path), None).raw(),
    );
}
