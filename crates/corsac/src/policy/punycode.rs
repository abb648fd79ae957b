//! The letters of a domain that browsers write in ASCII.

/// Says whether what follows `xn--` in a label stands for something outside ASCII, as it must.
///
/// Whether a domain may hold those letters is not looked at, which takes tables that a server has no
/// other use for.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc3492#section-6.2>
pub(super) fn is_punycode(encoded: &str) -> bool {
    const BASE: u32 = 36;
    let (basic, deltas) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let Ok(mut length) = u32::try_from(basic.len()) else {
        return false;
    };
    let mut digits = deltas.bytes().map(|byte| match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    });
    let (mut code_point, mut place, mut bias, mut is_first) = (128_u32, 0_u32, 72_u32, true);
    while let Some(mut digit) = digits.next() {
        let (before, mut weight, mut k) = (place, 1_u32, BASE);
        loop {
            let Some(value) = digit else { return false };
            let Some(next) = value
                .checked_mul(weight)
                .and_then(|it| place.checked_add(it))
            else {
                return false;
            };
            place = next;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if value < threshold {
                break;
            }
            let Some(heavier) = weight.checked_mul(BASE - threshold) else {
                return false;
            };
            weight = heavier;
            k += BASE;
            // The number ends in the midst.
            digit = match digits.next() {
                Some(digit) => digit,
                None => return false,
            };
        }
        length += 1;
        bias = adapt(place - before, length, is_first);
        is_first = false;
        let Some(next) = code_point.checked_add(place / length) else {
            return false;
        };
        code_point = next;
        // Up to there are ASCII, control characters and a space, which no name has.
        if code_point <= 0xa0 || char::from_u32(code_point).is_none() {
            return false;
        }
        place = place % length + 1;
    }
    !is_first
}

/// How large the next number is likely to be.
fn adapt(delta: u32, length: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}
