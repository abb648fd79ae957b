use arbitrary::Unstructured;

/// Choices made by bytes. When they run out, the first choice is made.
pub(crate) struct Chance<'d>(Unstructured<'d>);

impl<'d> Chance<'d> {
    pub(crate) fn new(data: &'d [u8]) -> Self {
        Self(Unstructured::new(data))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or(0)
    }

    pub(crate) fn pick<T: Clone>(&mut self, menu: &[T]) -> T {
        menu[usize::from(self.byte()) % menu.len()].clone()
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A few bytes as they are.
    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        let length = usize::from(self.byte() % 24).min(self.0.len());
        self.0
            .bytes(length)
            .map_or_else(|_| Vec::new(), <[u8]>::to_vec)
    }

    /// A few bytes that a header line could hold.
    pub(crate) fn value(&mut self) -> Vec<u8> {
        let mut value = self.bytes();
        value.retain(|byte| !matches!(byte, 0 | b'\r' | b'\n'));
        value.trim_ascii().to_vec()
    }
}
