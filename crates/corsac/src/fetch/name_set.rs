use std::cmp::Ordering;

/// Header names from the wire, to be looked up in any case.
pub(super) struct NameSet<'a>(Vec<&'a [u8]>);

impl<'a> NameSet<'a> {
    pub(super) fn new(mut names: Vec<&'a [u8]>) -> Self {
        names.sort_unstable_by(|one, other| compare(one, other));
        Self(names)
    }

    pub(super) fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        let place = self.0.binary_search_by(|one| compare(one, name)).ok()?;
        self.0.get(place).copied()
    }
}

fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let (one, other) = (one.iter(), other.iter());
    one.map(u8::to_ascii_lowercase)
        .cmp(other.map(u8::to_ascii_lowercase))
}
