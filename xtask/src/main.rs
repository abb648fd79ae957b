//! What a person does twice: `cargo xtask COMMAND`.
fn main() {}
