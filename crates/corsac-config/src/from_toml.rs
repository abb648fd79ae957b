//! TOML as a tree.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    Finding,
    tree::{Key, Kind, Table, Value},
};

/// Reads all of it, or finds every mistake of its syntax.
pub(crate) fn read(text: &str) -> Result<Table<'_>, Vec<Finding>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(entries(table.get_ref()));
    }
    let finding =
        |error: &toml::de::Error| Finding::mistake(error.span().unwrap_or(0..0), error.message());
    Err(errors.iter().map(finding).collect())
}

fn entries<'i>(table: &DeTable<'i>) -> Table<'i> {
    let entry = |(key, entry): (&Spanned<_>, &Spanned<DeValue<'i>>)| {
        let key = Key {
            name: std::borrow::Cow::clone(key.get_ref()),
            span: key.span(),
        };
        (key, value(entry))
    };
    let mut entries: Table<'_> = table.iter().map(entry).collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    entries
}

fn value<'i>(spanned: &Spanned<DeValue<'i>>) -> Value<'i> {
    let kind = match spanned.get_ref() {
        DeValue::String(string) => Kind::String(string.clone()),
        DeValue::Integer(integer) => {
            Kind::Integer(i64::from_str_radix(integer.as_str(), integer.radix()).ok())
        }
        DeValue::Float(_) => Kind::Float,
        DeValue::Boolean(boolean) => Kind::Boolean(*boolean),
        DeValue::Datetime(_) => Kind::DateTime,
        DeValue::Array(list) => Kind::List(list.iter().map(value).collect()),
        DeValue::Table(table) => Kind::Table(entries(table)),
    };
    Value {
        span: spanned.span(),
        kind,
    }
}
