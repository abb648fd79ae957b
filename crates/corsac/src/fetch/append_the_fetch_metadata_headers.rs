use crate::{
    header::HeaderList,
    origin::{OpaqueId, Origin},
};

use super::{
    Destination, FetchParams, Mode, append_a_request_origin_header::is_potentially_trustworthy_url,
};

/// Appends Sec-Fetch-Dest, -Mode and -Site, to trustworthy URLs only.
///
/// Source: <https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration>
pub(super) fn append_the_fetch_metadata_headers(
    params: &FetchParams,
    mode: Mode,
    header_list: &mut HeaderList,
) {
    if !is_potentially_trustworthy_url(params.current_url()) {
        return;
    }
    header_list.append(
        "Sec-Fetch-Dest",
        destination_name(params.request.destination),
    );
    let mode = match mode {
        Mode::SameOrigin => "same-origin",
        Mode::Cors => "cors",
        Mode::NoCors => "no-cors",
    };
    header_list.append("Sec-Fetch-Mode", mode);
    header_list.append("Sec-Fetch-Site", site(params));
}

/// The farthest of all URLs the request went through.
fn site(params: &FetchParams) -> &'static str {
    let origin = &params.environment.origin;
    let mut site = "same-origin";
    for url in &params.url_list {
        if origin.is_same_origin_with_url(url) {
            continue;
        }
        site = "same-site";
        if !origin.is_same_site(&Origin::of_url(url, OpaqueId(u64::MAX))) {
            return "cross-site";
        }
    }
    site
}

fn destination_name(destination: Destination) -> &'static str {
    match destination {
        Destination::Empty => "empty",
        Destination::Audio => "audio",
        Destination::Font => "font",
        Destination::Image => "image",
        Destination::Json => "json",
        Destination::Manifest => "manifest",
        Destination::Script => "script",
        Destination::Style => "style",
        Destination::Text => "text",
        Destination::Track => "track",
        Destination::Video => "video",
    }
}
