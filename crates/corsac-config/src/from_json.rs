//! JSON as a tree: the strict one of RFC 8259, without comments.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use jsonc_parser::{CollectOptions, ParseOptions, ast, common::Ranged, parse_to_ast};

use crate::{
    Finding,
    report::line_of,
    tree::{Key, Kind, Table, Value},
};

/// Reads all of it. A mistake of the syntax is the only finding, as what follows is guesswork; keys
/// that occur twice are all found.
pub(crate) fn read(text: &str) -> Result<Table<'_>, Vec<Finding>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict).map_err(|error| {
        let range = error.range();
        vec![Finding::mistake(
            range.start..range.end,
            error.kind().to_string(),
        )]
    })?;
    let mut duplicates = Duplicates {
        text,
        found: Vec::new(),
    };
    let Some(root) = parsed.value else {
        return Err(vec![Finding::mistake(0..0, "the file is empty")]);
    };
    let root = duplicates.value(root);
    match root.kind {
        _ if !duplicates.found.is_empty() => Err(duplicates.found),
        Kind::Table(table) => Ok(table),
        _ => Err(vec![Finding::mistake(root.span, "the file is one object")]),
    }
}

struct Duplicates<'i> {
    text: &'i str,
    found: Vec<Finding>,
}

impl<'i> Duplicates<'i> {
    fn value(&mut self, value: ast::Value<'i>) -> Value<'i> {
        let span = span(&value);
        let kind = match value {
            ast::Value::StringLit(string) => Kind::String(string.value),
            ast::Value::NumberLit(number) => number_of(number.value),
            ast::Value::BooleanLit(boolean) => Kind::Boolean(boolean.value),
            ast::Value::NullKeyword(_) => Kind::Null,
            ast::Value::Array(array) => {
                let values = array.elements.into_iter();
                Kind::List(values.map(|value| self.value(value)).collect())
            }
            ast::Value::Object(object) => Kind::Table(self.table(object)),
        };
        Value { span, kind }
    }

    fn table(&mut self, object: ast::Object<'i>) -> Table<'i> {
        let mut table = Table::new();
        let mut seen: BTreeMap<Cow<'i, str>, usize> = BTreeMap::new();
        for property in object.properties {
            let span = span(&property.name);
            let name = match property.name {
                ast::ObjectPropName::String(string) => string.value,
                ast::ObjectPropName::Word(word) => Cow::Borrowed(word.value),
            };
            if let Some(&first) = seen.get(&name) {
                let mut finding = Finding::mistake(span.clone(), "duplicate key");
                let line = line_of(self.text, first);
                finding.help = Some(format!("it stands first in line {line}"));
                self.found.push(finding);
            }
            seen.entry(name.clone()).or_insert(span.start);
            table.push((Key { name, span }, self.value(property.value)));
        }
        table
    }
}

fn span(node: &impl Ranged) -> Range<usize> {
    let range = node.range();
    range.start..range.end
}

fn number_of(written: &str) -> Kind<'static> {
    match written.contains(['.', 'e', 'E']) {
        true => Kind::Float,
        false => Kind::Integer(written.parse().ok()),
    }
}
