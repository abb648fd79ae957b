//! The schemas of what is printed as JSON, as others can have them: `docs/schema/policy-*-1.json`.

use schemars::{Schema, schema_for};

use super::{check, diff, explain};

/// After a change: `SNAPSHOTS=overwrite cargo test -p corsac-cli schema`.
#[test]
fn the_schemas_are_those_that_are_checked_in() {
    let is_checked_in = |name: &str, schema: Schema| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/");
        let path = format!("{folder}{name}-1.json");
        snapbox::assert_data_eq!(
            format!("{:#}\n", schema.to_value()),
            snapbox::Data::read_from(path.as_ref(), None).raw(),
        );
    };
    is_checked_in("policy-check", schema_for!(check::Document<'_>));
    is_checked_in("policy-explain", schema_for!(explain::Document));
    is_checked_in("policy-diff", schema_for!(diff::Document<'_>));
}
