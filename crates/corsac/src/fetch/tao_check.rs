use crate::header::{HeaderList, get_decode_and_split};

use super::FetchParams;
use super::ResponseTainting;

/// Says whether script may see a response's timings: its Timing-Allow-Origin names `*` or the
/// request's origin as it was sent, or it is of the page's own origin.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-tao-check>
pub(super) fn tao_check(params: &FetchParams, list: &HeaderList) -> bool {
    if params.timing_allow_failed {
        return false;
    }
    let values = get_decode_and_split("Timing-Allow-Origin", list).unwrap_or_default();
    let contains = |wanted: &[u8]| values.iter().any(|value| value == wanted);
    contains(b"*")
        || contains(params.serialized_origin().as_bytes())
        || params.response_tainting == ResponseTainting::Basic
}
