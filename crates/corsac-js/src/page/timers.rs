use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    time::{Duration, Instant},
};

/// Which timers wait, by when they are due; those due at one time in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BinaryHeap<Reverse<(Instant, u64, u32)>>,
    /// The sequence number of each timer that counts: what else is in the heap was cleared.
    set: HashMap<u32, u64>,
    sequence: u64,
}

impl Timers {
    pub(super) fn set(&mut self, id: u32, now: Instant, delay: Duration) {
        self.sequence += 1;
        self.set.insert(id, self.sequence);
        // A delay is below 2^31 milliseconds.
        self.due.push(Reverse((now + delay, self.sequence, id)));
    }

    pub(super) fn clear(&mut self, id: u32) {
        self.set.remove(&id);
        // Script that sets and clears for ever must not fill memory.
        if self.due.len() > 64 && self.due.len() / 2 > self.set.len() {
            let set = &self.set;
            self.due
                .retain(|Reverse((_, sequence, id))| set.get(id) == Some(sequence));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.set.len()
    }

    /// When the next one is due.
    pub(super) fn next(&mut self) -> Option<Instant> {
        while let Some(Reverse((at, sequence, id))) = self.due.peek() {
            if self.set.get(id) == Some(sequence) {
                return Some(*at);
            }
            self.due.pop();
        }
        None
    }

    /// Takes one that is due.
    pub(super) fn take(&mut self, now: Instant) -> Option<u32> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, _, id)) = self.due.pop()?;
        self.set.remove(&id);
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_order_of_their_times_and_of_their_setting() {
        let now = Instant::now();
        let mut timers = Timers::default();
        for (id, millis) in [(1, 20), (2, 10), (3, 10), (4, 0), (5, 15)] {
            timers.set(id, now, Duration::from_millis(millis));
        }
        timers.clear(5);
        assert_eq!(timers.take(now), Some(4));
        assert_eq!(timers.take(now), None);
        let later = now + Duration::from_millis(20);
        let rest: Vec<_> = std::iter::from_fn(|| timers.take(later)).collect();
        assert_eq!(rest, [2, 3, 1]);
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn a_million_set_and_cleared_are_not_kept() {
        let now = Instant::now();
        let mut timers = Timers::default();
        for id in 0..1_000_000 {
            timers.set(id, now, Duration::from_secs(1));
            timers.clear(id);
        }
        assert!(timers.due.len() <= 65, "{}", timers.due.len());
    }
}
