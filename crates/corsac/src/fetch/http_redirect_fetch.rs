use http::Method;
use url::Url;

use crate::{
    diagnosis::Reason,
    header::{
        HeaderList, REQUEST_BODY_HEADER_NAMES, cors_unsafe_request_header_names,
        is_cors_non_wildcard_request_header_name, is_request_body_header_name,
    },
};

use super::{
    Body, FetchParams, Mode, ResponseHead, ResponseTainting,
    determine_the_requests_referrer::set_the_referrer_policy_on_redirect, http_fetch::Outcome,
    location_url, main_fetch::is_not_simple,
};

const REDIRECT_LIMIT: usize = 20;

/// Turns the request towards a redirect's target; without a Location, the redirect itself is the
/// response.
///
/// # Errors
/// A target that may not be followed.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
pub(super) fn http_redirect_fetch(
    params: &mut FetchParams,
    response: &ResponseHead,
) -> Result<Outcome, Reason> {
    let current_url = params.current_url();
    let Some(location_url) = location_url(response, current_url, current_url.fragment())? else {
        return Ok(Outcome::Deliver);
    };
    if !matches!(location_url.scheme(), "http" | "https") {
        let scheme = location_url.scheme().to_owned();
        return Err(Reason::RedirectScheme { scheme });
    }
    if params.redirect_count == REDIRECT_LIMIT {
        return Err(Reason::RedirectLimit);
    }
    params.redirect_count += 1;
    let origin = &params.environment.origin;
    if includes_credentials(&location_url) {
        let other_origin =
            params.request.mode == Mode::Cors && !origin.is_same_origin_with_url(&location_url);
        // A stranger may not choose with which password the page speaks to its own server, either.
        let tainted = params.response_tainting == ResponseTainting::Cors;
        if other_origin || tainted || params.profile.refuses_all_redirect_userinfo {
            return Err(Reason::RedirectUserinfo);
        }
    }
    let status = response.status;
    if status != 303 && params.request.body == Body::Stream {
        return Err(Reason::RedirectBody { status });
    }
    let becomes_get = match status {
        301 | 302 => params.request.method == Method::POST,
        303 => !params.is_get_or_head(),
        _ => false,
    };
    if params.profile.asks_again_after_redirects {
        params.request.use_cors_preflight |= has_reason_to_ask(params);
    }
    restore_headers(params, status);
    if becomes_get {
        let request = &mut params.request;
        request.method = Method::GET;
        request.body = Body::None;
        delete_body_headers(&mut request.header_list);
    }
    let leaves_origin = params.current_url().origin() != location_url.origin();
    if leaves_origin {
        drop_non_wildcard_headers(params);
    }
    note_asked_headers(params, becomes_get);
    params.append_url(location_url);
    set_the_referrer_policy_on_redirect(params, &response.header_list);
    Ok(Outcome::Redirected)
}

/// Whether the request has asked by a preflight, or would have had to for its headers, were it not at
/// home.
fn has_reason_to_ask(params: &FetchParams) -> bool {
    let request = &params.request;
    let crosses = params.response_tainting == ResponseTainting::Cors;
    let headers =
        cors_unsafe_request_header_names(params.asked_header_list(), params.profile.safelist);
    crosses && (request.use_cors_preflight || is_not_simple(params)) || !headers.is_empty()
}

/// Where the profile has it, begins with the headers that there were at first. Those of a body stay
/// away where this redirect would have made a GET of the method that there was at first.
fn restore_headers(params: &mut FetchParams, status: u16) {
    if !params.profile.redirects_restore_headers {
        return;
    }
    let Some(mut header_list) = params.first_header_list.clone() else {
        return;
    };
    let drops_body = match status {
        301 | 302 => params.first_method == Method::POST,
        303 => !matches!(params.first_method, Method::GET | Method::HEAD),
        _ => false,
    };
    if drops_body {
        delete_body_headers(&mut header_list);
    }
    params.request.header_list = header_list;
}

/// Where the profile has it, the next preflight asks for the headers of a body unless this very redirect
/// has dropped it: whether the request still has them does not count.
fn note_asked_headers(params: &mut FetchParams, becomes_get: bool) {
    if !params.profile.redirects_restore_headers {
        return;
    }
    let mut asked = params.request.header_list.clone();
    delete_body_headers(&mut asked);
    let first = params.first_header_list.iter().flatten();
    first
        .filter(|header| !becomes_get && is_request_body_header_name(header.name()))
        .for_each(|header| asked.push(header.name(), header.value()));
    params.asked_header_list = Some(asked);
}

fn delete_body_headers(header_list: &mut HeaderList) {
    for header_name in REQUEST_BODY_HEADER_NAMES {
        header_list.delete(header_name);
    }
}

/// Authorization was meant for the origin that it was first sent to.
fn drop_non_wildcard_headers(params: &mut FetchParams) {
    let list = &params.request.header_list;
    let names: Vec<_> = list
        .iter()
        .map(|header| header.name().to_vec())
        .filter(|name| is_cors_non_wildcard_request_header_name(name))
        .collect();
    for header_name in names {
        params.request.header_list.delete(header_name);
    }
}

/// Source: <https://url.spec.whatwg.org/#include-credentials>
pub(super) fn includes_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty())
}
