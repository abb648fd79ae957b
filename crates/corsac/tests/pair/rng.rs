//! A seeded source of choices: one case, one seed.

/// SplitMix64: short, fast, and every seed a good one.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, menu: &[T]) -> T {
        menu[self.below(menu.len())]
    }

    /// The menu without one in six of its entries.
    pub(crate) fn most_of<T: Copy>(&mut self, menu: &[T]) -> Vec<T> {
        let chosen = menu.iter().copied().filter(|_| !self.one_in(6));
        chosen.collect()
    }
}
