//! Lengths and times in the unit that people would say them in.

/// `61 B`, `1.2 kB`, `3.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "one digit is shown")]
    let exact = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", exact / 1e3),
        _ => format!("{:.1} MB", exact / 1e6),
    }
}

/// `0.4 ms`, `48 ms`, `2.5 s`.
pub(super) fn duration(ms: f64) -> String {
    match ms {
        ..10.0 => format!("{ms:.1} ms"),
        10.0..1_000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.1} s", ms / 1e3),
    }
}

/// `10 min`, `2 h`.
pub(super) fn lifetime(seconds: u64) -> String {
    match seconds {
        0 => "not at all".to_owned(),
        1..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

/// `1 request`, `2 requests`.
pub(super) fn count(number: usize, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_three_digits() {
        assert_eq!(size(61), "61 B");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(3_400_000), "3.4 MB");
        assert_eq!(duration(0.42), "0.4 ms");
        assert_eq!(duration(48.2), "48 ms");
        assert_eq!(duration(2_500.0), "2.5 s");
        assert_eq!(lifetime(5), "5 s");
        assert_eq!(lifetime(600), "10 min");
        assert_eq!(lifetime(7200), "2 h");
        assert_eq!(count(1, "request"), "1 request");
        assert_eq!(count(2, "request"), "2 requests");
    }
}
