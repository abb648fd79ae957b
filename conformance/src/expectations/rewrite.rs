//! What clauses are made of.

use crate::{
    observation::{Observation, Received},
    scenario::{Answer, Api, Listener, Scenario, Site},
    subject::failed,
};

/// Changes every answer.
pub(super) fn each_answer(scenario: &mut Scenario, change: impl Fn(Site, &mut Answer)) {
    for resource in &mut scenario.resources {
        let answers = resource.preflight.iter_mut().chain(&mut resource.actual);
        answers.for_each(|answer| change(resource.site, answer));
    }
}

/// Whether an answer is so.
pub(super) fn any_answer(scenario: &Scenario, is_so: impl Fn(Site, &Answer) -> bool) -> bool {
    let of_each = scenario.resources.iter().flat_map(|resource| {
        let answers = resource.preflight.iter().chain(&resource.actual);
        answers.map(move |answer| (resource.site, answer))
    });
    of_each
        .into_iter()
        .any(|(site, answer)| is_so(site, answer))
}

/// Whether a line has white space between its name and the colon.
pub(super) fn has_white_space_before_colon(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(name, _)| name.ends_with([' ', '\t']))
}

/// Whether anything redirects.
pub(super) fn redirects(scenario: &Scenario) -> bool {
    any_answer(scenario, |_, answer| location(answer).is_some())
}

/// The Location of a redirect.
pub(super) fn location(answer: &Answer) -> Option<&str> {
    let lines = answer.lines.iter();
    let mut values = lines.filter_map(|line| line.strip_prefix("Location:"));
    let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    values.next().filter(|_| is_redirect).map(str::trim)
}

/// Whether the page calls by elements that ask for CORS.
pub(super) fn is_element(api: Api) -> bool {
    matches!(api, Api::Image | Api::ModuleScript | Api::Font)
}

/// Sets a header of a request, which has it or not.
pub(super) fn set(request: &mut Received, name: &str, value: &str) {
    let found = request
        .headers
        .iter_mut()
        .find(|(it, _)| it.eq_ignore_ascii_case(name));
    match found {
        Some((_, old)) => value.clone_into(old),
        None => request.headers.push((name.to_owned(), value.to_owned())),
    }
}

/// Takes a header out of a request.
pub(super) fn remove(request: &mut Received, name: &str) {
    request
        .headers
        .retain(|(it, _)| !it.eq_ignore_ascii_case(name));
    // Nor does the handler see it.
    let handled = request.decided.as_mut().and_then(|it| it.handled.as_mut());
    if let Some(handled) = handled {
        handled.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
    }
}

/// The placeholder of a site's origin.
pub(super) fn origin(site: Site) -> String {
    let name = serde_json::to_string(&site).unwrap_or_default();
    format!("{{o:{}}}", name.trim_matches('"'))
}

/// The sites of a call's actual requests up to this one, this one included; of a preflight's, only
/// its own.
pub(super) fn chain(observation: &Observation, place: usize) -> Vec<Site> {
    let requests = &observation.requests;
    let Some(this) = requests.get(place) else {
        return Vec::new();
    };
    let earlier = requests.iter().take(place);
    let of_call = earlier.filter(|it| !this.preflight && !it.preflight && it.call == this.call);
    of_call
        .chain([this])
        .filter_map(|request| request.site)
        .collect()
}

/// What Sec-Fetch-Site says of a request straight from the page to a site.
pub(super) fn relation(scenario: &Scenario, site: Site, regards_scheme: bool) -> &'static str {
    let page = scenario.page.site;
    if scenario.page.opaque || party(page) != party(site) {
        "cross-site"
    } else if page.listener() == site.listener() && page.host() == site.host() {
        "same-origin"
    } else if regards_scheme && page.scheme() != site.scheme() {
        "cross-site"
    } else {
        "same-site"
    }
}

/// Whether two sites are one but for their schemes.
pub(super) fn is_of_one_party(one: Site, other: Site) -> bool {
    party(one) == party(other)
}

/// The registrable domain, or the address.
fn party(site: Site) -> &'static str {
    match site {
        Site::SubA => Site::A.host(),
        site => site.host(),
    }
}

/// The actual requests of a call, in order, each with what answered it.
pub(super) fn exchanges<'a>(
    scenario: &'a Scenario,
    observation: &'a Observation,
    call: usize,
) -> Vec<(&'a Received, Answer)> {
    let requests = observation.requests.iter().enumerate();
    let of_call = requests.filter(|(_, it)| it.call == Some(call) && !it.preflight);
    of_call
        .filter_map(|(place, request)| {
            let earlier = observation.requests.iter().take(place);
            let before = earlier
                .filter(|it| it.resource == request.resource && !it.preflight)
                .count();
            let resource = scenario.resources.get(request.resource)?;
            Some((request, resource.answer(false, before)))
        })
        .collect()
}

/// Makes a network error of a call after so many more actual requests than one.
pub(super) fn end_after(
    scenario: &Scenario,
    observation: &mut Observation,
    call: usize,
    place: usize,
) {
    let mut actual = 0;
    observation.requests.retain(|request| {
        if request.call != Some(call) {
            return true;
        }
        let is_due = actual <= place;
        actual += usize::from(!request.preflight);
        is_due
    });
    let api = scenario.calls.get(call).map(|call| call.api);
    if let Some(view) = observation.views.get_mut(call) {
        *view = failed(api.unwrap_or_default());
    }
}

/// Isomorphic encode; whatever is no byte is a question mark.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(u32::from(char)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

/// Whether a site speaks HTTP/2.
pub(super) fn is_http2(site: Site) -> bool {
    site.listener() == Listener::H2
}
