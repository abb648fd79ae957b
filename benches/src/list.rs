//! The lists of origins that every middleware is given.

use crate::kind::ALLOWED;

/// How many origins there are, and whether they are patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) origins: usize,
    pub(crate) wildcards: bool,
}

impl List {
    pub(crate) const ONE: Self = Self::exact(1);

    pub(crate) const fn exact(origins: usize) -> Self {
        Self {
            origins,
            wildcards: false,
        }
    }

    pub(crate) const fn wildcards(origins: usize) -> Self {
        Self {
            origins,
            wildcards: true,
        }
    }

    /// The entries; the one that is asked for stands last.
    pub(crate) fn entries(self) -> impl Iterator<Item = String> {
        let others = (1..self.origins).map(move |number| match self.wildcards {
            true => format!("https://*.tenant-{number}.example.org"),
            false => format!("https://tenant-{number}.example.org"),
        });
        others.chain([match self.wildcards {
            true => "https://*.example.com".to_owned(),
            false => ALLOWED.to_owned(),
        }])
    }
}
