//! A cache that stands before the servers and knows nothing of CORS: it keeps whatever it sees, and
//! takes a kept response for any request that agrees in what Vary names.

use corsac::header::HeaderList;

#[derive(Debug, Default)]
pub(crate) struct SharedCache(Vec<Stored>);

#[derive(Debug)]
struct Stored {
    target: usize,
    method: String,
    /// What Vary named, and what its request said there.
    selecting: HeaderList,
    /// Names that Vary named and its request did not have.
    absent: Vec<Vec<u8>>,
    cors: HeaderList,
}

impl SharedCache {
    /// A server says something new.
    pub(crate) fn forget(&mut self, target: usize) {
        self.0.retain(|stored| stored.target != target);
    }

    /// Keeps a response, and compares it with what was kept for its request: had the cache
    /// answered, the browser must not have been told anything else.
    pub(crate) fn keep(
        &mut self,
        target: usize,
        method: &str,
        request: &HeaderList,
        response: &HeaderList,
    ) -> Result<(), String> {
        let cors: HeaderList = response
            .iter()
            .filter(|header| {
                header
                    .name()
                    .to_ascii_lowercase()
                    .starts_with(b"access-control-")
            })
            .map(|header| (header.name(), header.value()))
            .collect();
        for stored in &self.0 {
            let chosen = stored.target == target
                && stored.method == method
                && stored.absent.iter().all(|name| !request.contains(name))
                && stored
                    .selecting
                    .iter()
                    .all(|header| request.get(header.name()).as_deref() == Some(header.value()));
            if chosen && stored.cors != cors {
                return Err(format!(
                    "a cache would answer {request:?} with {:?} instead of {cors:?}",
                    stored.cors
                ));
            }
        }
        let mut selecting = HeaderList::new();
        let mut absent = Vec::new();
        for (_, line) in response.lines("vary") {
            for name in line.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
                match request.get(name) {
                    Some(value) => selecting.push(name, value),
                    None => absent.push(name.to_vec()),
                }
            }
        }
        self.0.push(Stored {
            target,
            method: method.to_owned(),
            selecting,
            absent,
            cors,
        });
        Ok(())
    }
}
