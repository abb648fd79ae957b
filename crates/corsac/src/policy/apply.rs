//! A decision, said by a response that is a [`HeaderList`].

use crate::header::HeaderList;

use super::{CORS_RESPONSE_HEADERS, Decision, Value};

impl Decision<'_, '_> {
    /// Makes a response say this decision: CORS headers that somebody else set go, those of the
    /// policy come, and Vary gets a line if one is due.
    ///
    /// `request` is the header list that was decided on.
    pub fn apply(&self, request: &HeaderList, response: &mut HeaderList) {
        if !self.is_enforced() {
            return;
        }
        for name in &CORS_RESPONSE_HEADERS {
            response.delete(name.as_str());
        }
        for op in self.ops() {
            let name = title_case(op.name.as_str());
            match op.value {
                Value::Prebuilt(value) => response.push(name, value.as_bytes()),
                Value::EchoOrigin => echo(request, "origin", name, response),
                Value::EchoRequestHeaders => {
                    echo(request, "access-control-request-headers", name, response);
                }
            }
        }
        let existing = response.lines("vary").map(|(_, value)| value);
        if let Some(value) = self.vary().due(existing) {
            response.push("Vary", value);
        }
    }
}

fn echo(request: &HeaderList, from: &str, name: String, response: &mut HeaderList) {
    for line in request.iter().filter(|header| header.is_named(from)) {
        response.push(&name, line.value());
    }
}

/// The case that people write header names in; to programs it is all one.
fn title_case(name: &str) -> String {
    let mut begins = true;
    let titled = name.chars().map(|char| {
        let titled = if begins {
            char.to_ascii_uppercase()
        } else {
            char
        };
        begins = char == '-';
        titled
    });
    titled.collect()
}
