use http::Method;

use crate::{
    diagnosis::Reason,
    header::{
        Extracted, HeaderList, extract_header_list_values, is_cors_safelisted_response_header_name,
        is_forbidden_response_header_name,
    },
};

use super::{
    FetchParams, Response, ResponseBody, ResponseHead, ResponseTainting, ResponseType,
    is_null_body_status, name_set::NameSet,
};

/// Cuts a response down to what script may see of it: the end of main fetch.
///
/// It happens once, after the last hop, by that hop's tainting and headers.
///
/// # Errors
/// [`Reason::OpaqueRange`].
///
/// Source: <https://fetch.spec.whatwg.org/#concept-main-fetch>
pub(super) fn filtered_response(
    params: &FetchParams,
    internal: ResponseHead,
) -> Result<Response, Reason> {
    let response_type = match params.response_tainting {
        ResponseTainting::Basic => ResponseType::Basic,
        ResponseTainting::Cors => ResponseType::Cors,
        ResponseTainting::Opaque => ResponseType::Opaque,
    };
    let status = internal.status;
    // A part that somebody else asked for is not for who asked for the whole: it could have been cut to
    // look like a script. A server that answers with a part of its own accord is let through.
    let is_of_another = internal.range_requested && !params.request.header_list.contains("Range");
    if response_type == ResponseType::Opaque && matches!(status, 206 | 416) && is_of_another {
        return Err(Reason::OpaqueRange { status });
    }
    let header_list = match response_type {
        ResponseType::Basic => basic_filtered(&internal.header_list),
        ResponseType::Cors => cors_filtered(params, &internal.header_list),
        ResponseType::Opaque | ResponseType::OpaqueRedirect => HeaderList::new(),
    };
    let is_opaque = response_type == ResponseType::Opaque;
    let has_null_body = params.request.method == Method::HEAD || is_null_body_status(status);
    Ok(Response {
        response_type,
        status: if is_opaque { 0 } else { status },
        status_message: match is_opaque {
            true => Vec::new(),
            false => internal.status_message.clone(),
        },
        url: (!is_opaque).then(|| url_without_fragment(params)),
        redirected: !is_opaque && params.url_list.len() > 1,
        header_list,
        body: match (has_null_body, is_opaque) {
            (true, _) => ResponseBody::Null,
            (false, true) => ResponseBody::Hidden,
            (false, false) => ResponseBody::Exposed,
        },
        timing_allow_passed: !params.timing_allow_failed,
        internal,
    })
}

/// A redirect that nobody followed: script learns that it was one, and the URL it already knew.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect>
pub(super) fn opaque_redirect_filtered_response(
    params: &FetchParams,
    internal: ResponseHead,
) -> Response {
    Response {
        response_type: ResponseType::OpaqueRedirect,
        status: 0,
        status_message: Vec::new(),
        url: Some(url_without_fragment(params)),
        // It is the first redirect that is not followed.
        redirected: false,
        header_list: HeaderList::new(),
        body: ResponseBody::Hidden,
        timing_allow_passed: !params.timing_allow_failed,
        internal,
    }
}

fn url_without_fragment(params: &FetchParams) -> url::Url {
    let mut url = params.current_url().clone();
    url.set_fragment(None);
    url
}

/// Source: <https://fetch.spec.whatwg.org/#concept-filtered-response-basic>
fn basic_filtered(list: &HeaderList) -> HeaderList {
    keep(list, |name| !is_forbidden_response_header_name(name))
}

/// Source: <https://fetch.spec.whatwg.org/#concept-filtered-response-cors>
fn cors_filtered(params: &FetchParams, list: &HeaderList) -> HeaderList {
    match cors_exposed_header_name_list(list, params.is_credentials_mode_include()) {
        Exposed::All => basic_filtered(list),
        Exposed::Names(names) => {
            // Asked for each header of the response, of which there may be as many as there are
            // names: so by look-up, not from end to end.
            let names = NameSet::new(names);
            keep(list, |name| {
                is_cors_safelisted_response_header_name(name, names.get(name).as_slice())
            })
        }
    }
}

/// The header names that a response exposes to other origins.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list>
enum Exposed<'a> {
    All,
    Names(Vec<&'a [u8]>),
}

/// Reads Access-Control-Expose-Headers. One bad line exposes nothing; `*` with credentials is the
/// name of a header that nobody has.
fn cors_exposed_header_name_list(list: &HeaderList, include: bool) -> Exposed<'_> {
    match extract_header_list_values("Access-Control-Expose-Headers", list) {
        Extracted::List(names) if !include && names.contains(&&b"*"[..]) => Exposed::All,
        extracted => Exposed::Names(extracted.list()),
    }
}

fn keep(list: &HeaderList, is_kept: impl Fn(&[u8]) -> bool) -> HeaderList {
    list.iter()
        .filter(|header| is_kept(header.name()))
        .map(|header| (header.name(), header.value()))
        .collect()
}
