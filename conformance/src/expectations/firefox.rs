use crate::judge::Clause;

pub(super) const CLAUSES: &[Clause] = &[];
