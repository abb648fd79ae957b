//! How many descriptors it may have, and so connections.

use rlimit::Resource;

/// What is open besides connections: files, listeners, what the runtime needs, and a margin.
const OTHERS: u64 = 64;

/// As many connections as asked, or as many as there are descriptors for, if a third as many are kept for
/// connections to upstreams. Of many clients few are waiting for an answer at the same moment; should it
/// be more, they wait for one another.
///
/// A shell gives 1,024 as a rule and lets a process have more that asks: it asks for all.
pub(super) fn connections(asked: usize) -> Connections {
    let soft = Resource::NOFILE.get_soft().ok();
    let most = rlimit::increase_nofile_limit(u64::MAX).ok().or(soft);
    let Some(descriptors) = most else {
        return Connections::AsAsked(asked);
    };
    let can_be = descriptors.saturating_sub(OTHERS) / 4 * 3;
    let can_be = usize::try_from(can_be).unwrap_or(usize::MAX);
    match can_be < asked {
        true => Connections::Fewer {
            connections: can_be.max(1),
            descriptors,
        },
        false => Connections::AsAsked(asked),
    }
}

/// How many connections there may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connections {
    AsAsked(usize),
    Fewer {
        connections: usize,
        descriptors: u64,
    },
}

impl Connections {
    pub(super) fn count(self) -> usize {
        match self {
            Self::AsAsked(count) => count,
            Self::Fewer { connections, .. } => connections,
        }
    }

    /// What whoever started it should know.
    pub(super) fn note(self) -> Option<String> {
        match self {
            Self::AsAsked(_) => None,
            Self::Fewer {
                connections,
                descriptors,
            } => Some(format!(
                "at most {connections} connections at once, since this process may have {descriptors} \
                 descriptors; `ulimit -Hn` says how many it may ask for"
            )),
        }
    }
}
