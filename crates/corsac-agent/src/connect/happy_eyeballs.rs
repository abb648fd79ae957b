use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use tokio::{net::TcpStream, task::JoinSet, time::sleep};

/// How long an address is tried before the next one is tried as well.
const STAGGER: Duration = Duration::from_millis(250);

/// Connects to the first of these addresses that answers. Families take turns, beginning with the
/// one that came first; a next address is tried when one has failed or kept silent for a while.
///
/// `attempts` is told whoever refuses, even if this never comes to its end.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc8305.html>
pub(super) async fn connect(
    addresses: Vec<SocketAddr>,
    attempts: &mut Vec<(SocketAddr, io::ErrorKind)>,
) -> Option<TcpStream> {
    let mut waiting: VecDeque<_> = interleave(addresses).into();
    // A connection at once needs no tasks.
    if waiting.len() == 1 {
        let address = waiting.pop_front()?;
        return match TcpStream::connect(address).await {
            Ok(stream) => Some(stream),
            Err(error) => {
                attempts.push((address, error.kind()));
                None
            }
        };
    }
    let mut under_way = JoinSet::new();
    loop {
        if let Some(address) = waiting.pop_front() {
            under_way.spawn(async move { (address, TcpStream::connect(address).await) });
        }
        let finished = tokio::select! {
            finished = under_way.join_next() => finished?,
            () = sleep(STAGGER), if !waiting.is_empty() => continue,
        };
        match finished {
            Ok((_, Ok(stream))) => return Some(stream),
            Ok((address, Err(error))) => attempts.push((address, error.kind())),
            // A task that is gone with its runtime connects nowhere.
            Err(_) => return None,
        }
    }
}

/// Puts addresses of the two families in turn, each in its order.
fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let is_ipv6 = |address: &SocketAddr| matches!(address.ip(), IpAddr::V6(_));
    let first_family = addresses.first().is_some_and(is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| is_ipv6(address) == first_family);
    let mut second = second.into_iter();
    let mut turns = Vec::new();
    for address in first {
        turns.push(address);
        turns.extend(second.next());
    }
    turns.extend(second);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns() {
        let address = |text: &str| text.parse().ok();
        let turns =
            |texts: &[&str]| interleave(texts.iter().copied().filter_map(address).collect());
        let came = turns(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"]);
        let came: Vec<_> = came.iter().map(ToString::to_string).collect();
        assert_eq!(came, ["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"]);
        let came = turns(&["1.1.1.1:1", "1.1.1.2:1", "[::1]:1"]);
        let came: Vec<_> = came.iter().map(ToString::to_string).collect();
        assert_eq!(came, ["1.1.1.1:1", "[::1]:1", "1.1.1.2:1"]);
        assert!(turns(&[]).is_empty());
    }
}
