//! A file as values, each with its place. TOML and JSON become the same.

use std::{borrow::Cow, ops::Range};

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value<'i> {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind<'i>,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind<'i> {
    String(Cow<'i, str>),
    /// `None` is one that is out of all bounds.
    Integer(Option<i64>),
    Float,
    Boolean(bool),
    DateTime,
    Null,
    List(Vec<Value<'i>>),
    Table(Table<'i>),
}

/// Keys with their values, in the order of the file; no key occurs twice.
pub(crate) type Table<'i> = Vec<(Key<'i>, Value<'i>)>;

/// A key, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Key<'i> {
    pub(crate) name: Cow<'i, str>,
    pub(crate) span: Range<usize>,
}

impl Value<'_> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(string) => Some(string),
            _ => None,
        }
    }

    /// Whether it is `"*"`, not in a list.
    pub(crate) fn is_star(&self) -> bool {
        self.as_str() == Some("*")
    }
}
