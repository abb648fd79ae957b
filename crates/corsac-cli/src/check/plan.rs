//! From what was typed to what a page asks for.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use corsac::{
    diagnosis::Reason,
    fetch::{
        Body, CredentialsMode, Destination, Environment, Guard, Headers, Mode, Request, check,
        new_request,
    },
    origin::{OpaqueId, Origin},
};
use corsac_agent::AgentConfig;
use url::Url;

use super::{
    args::{Api, CheckArgs},
    body::{self, Data},
    network, origin,
    report::{Note, NoteKind, Pair},
};

/// Everything about a check but the origin.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) url: Url,
    /// The method as typed, or as the flags imply it.
    pub(super) method: String,
    /// The request; or why the API refuses to make it.
    pub(super) request: Result<Request, Reason>,
    pub(super) mode: Mode,
    pub(super) credentials: CredentialsMode,
    /// The author's headers that the API lets through.
    pub(super) headers: Vec<Pair>,
    pub(super) body: Vec<u8>,
    /// Lines for the jar, each a cookie with its attributes.
    pub(super) cookies: Vec<String>,
    pub(super) pages: Vec<Page>,
    pub(super) config: AgentConfig,
    pub(super) notes: Vec<Note>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) environment: Environment,
    /// The URL, if one was given.
    pub(super) url: Option<Url>,
}

/// Makes a plan, or says what is wrong with what was typed.
pub(super) fn plan(args: &CheckArgs) -> Result<Plan, String> {
    let mut notes = Vec::new();
    let (mut origins, mut cookies) = (args.origin.clone(), args.cookie.clone());
    let lines = header_lines(&args.header, &mut origins, &mut cookies)?;
    let data = body::data(args)?;
    let mut url = url(args)?;
    let data = match (data, args.get) {
        (Some(data), true) => {
            append_query(&mut url, &data);
            None
        }
        (data, _) => data,
    };
    let method = match (&args.request, args.head, &data) {
        (Some(method), _, _) => method.clone(),
        (None, true, _) => "HEAD".to_owned(),
        (None, false, Some(_)) => "POST".to_owned(),
        (None, false, None) => "GET".to_owned(),
    };
    let element = args.api.element();
    let mode = args.mode.map_or_else(|| args.api.mode(), Mode::from);
    let credentials = match (args.credentials, args.api.mode(), mode) {
        (Some(credentials), ..) => credentials.into(),
        // An element without a `crossorigin` attribute.
        (None, Mode::NoCors, Mode::NoCors) if element => CredentialsMode::Include,
        (None, ..) => CredentialsMode::SameOrigin,
    };
    if element && (method != "GET" || !lines.is_empty() || data.is_some() || args.user.is_some()) {
        return Err(
            "an element asks by GET, without headers or body of the page's; drop --as, or ask by \
             fetch or xhr"
                .to_owned(),
        );
    }
    let headers = author_headers(args, lines, data.as_ref(), mode, &mut notes)?;
    let request = request(
        args,
        &url,
        &method,
        mode,
        credentials,
        &headers,
        data.as_ref(),
    );
    let shown = headers.header_list.iter();
    Ok(Plan {
        method: match &request {
            Ok(request) => request.method.to_string(),
            Err(_) => method,
        },
        mode,
        credentials,
        headers: shown
            .map(|header| {
                let decode = crate::json::isomorphic_decode;
                (decode(header.name()), decode(header.value()))
            })
            .collect(),
        request,
        body: data.map(|data| data.bytes).unwrap_or_default(),
        cookies: cookies.iter().flat_map(|text| jar_lines(text)).collect(),
        pages: pages(args, &origins)?,
        config: network::config(args)?,
        url,
        notes,
    })
}

fn url(args: &CheckArgs) -> Result<Url, String> {
    let text = args.url.as_ref().or(args.url_flag.as_ref());
    let text = text.ok_or("no URL: what is the page to ask for?")?;
    match Url::parse(text) {
        // `localhost:3000/a` is a URL of scheme `localhost`, which nobody means.
        Ok(url) if url.has_host() || text.starts_with("data:") => Ok(url),
        Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => Err(format!(
            "{text}: a URL begins with its scheme; did you mean https://{text} or http://{text}?"
        )),
        Err(error) => Err(format!("{text}: {error}")),
    }
}

fn append_query(url: &mut Url, data: &Data) {
    let data = String::from_utf8_lossy(&data.bytes);
    let query = match url.query() {
        Some(query) if !query.is_empty() => format!("{query}&{data}"),
        _ => data.into_owned(),
    };
    url.set_query(Some(&query));
}

/// A header's name and value.
type Line = (Vec<u8>, Vec<u8>);

/// Takes the header lines apart; what is no header of the author's goes where it belongs.
fn header_lines(
    lines: &[String],
    origins: &mut Vec<String>,
    cookies: &mut Vec<String>,
) -> Result<Vec<Line>, String> {
    let mut kept = Vec::new();
    for line in lines {
        let (name, value) = match (line.split_once(':'), line.strip_suffix(';')) {
            (Some((name, value)), _) => (name, value.trim()),
            (None, Some(name)) => (name, ""),
            (None, None) => return Err(format!("-H {line}: a header is NAME: VALUE")),
        };
        let name = name.trim();
        match name.to_ascii_lowercase().as_str() {
            "origin" => origins.push(value.to_owned()),
            "cookie" => cookies.push(value.to_owned()),
            // To curl, "leave out your own": a browser's own can't be left out.
            _ if value.is_empty() && line.contains(':') => {}
            _ => kept.push((name.as_bytes().to_vec(), value.as_bytes().to_vec())),
        }
    }
    Ok(kept)
}

/// What script may set of what was typed, by the rules of the Headers class.
fn author_headers(
    args: &CheckArgs,
    lines: Vec<Line>,
    data: Option<&Data>,
    mode: Mode,
    notes: &mut Vec<Note>,
) -> Result<Headers, String> {
    let guard = match mode {
        Mode::NoCors => Guard::RequestNoCors,
        Mode::Cors | Mode::SameOrigin => Guard::Request,
    };
    let mut headers = Headers::new(guard);
    for (name, value) in lines {
        let before = headers.header_list.len();
        headers.append(&name, &value).map_err(|_| {
            let name = String::from_utf8_lossy(&name);
            format!("-H {name}: no header can have this name or value")
        })?;
        if headers.header_list.len() == before {
            let name = String::from_utf8_lossy(&name);
            notes.push(note(format!(
                "{name} is left out: no script can set it here"
            )));
        }
    }
    let mut imply = |name: &str, value: &str| {
        if !headers.header_list.contains(name) {
            // A value of ours is well formed; where the guard forbids it, a script has none either.
            let _ = headers.append(name.as_bytes(), value.as_bytes());
        }
    };
    if let Some(user) = &args.user {
        imply("Authorization", &format!("Basic {}", STANDARD.encode(user)));
    }
    if let Some(data) = data {
        if let Some(content_type) = &data.content_type {
            imply("Content-Type", content_type);
        }
        if let Some(accept) = data.accept {
            imply("Accept", accept);
        }
    }
    Ok(headers)
}

/// What the API makes of it; or its refusal, which is all that the script gets.
fn request(
    args: &CheckArgs,
    url: &Url,
    method: &str,
    mode: Mode,
    credentials: CredentialsMode,
    headers: &Headers,
    data: Option<&Data>,
) -> Result<Request, Reason> {
    let mut request = new_request(url.clone(), method)?;
    for header in &headers.header_list {
        let (name, value) = (header.name(), header.value());
        match args.api {
            Api::Xhr => request.header_list.combine(name, value),
            _ => request.header_list.append(name, value),
        }
    }
    if let Some(data) = data {
        request.body = Body::Source {
            length: data.bytes.len() as u64,
        };
    }
    request.mode = mode;
    request.credentials_mode = credentials;
    request.redirect_mode = args.redirect.into();
    request.destination = args.api.destination();
    request.unsafe_request = !args.api.element();
    request.use_cors_preflight = args.upload_listener;
    check(&mut request)?;
    Ok(request)
}

/// `a=1; b=2; SameSite=None; Secure`: two cookies, and the attributes of both.
fn jar_lines(text: &str) -> Vec<String> {
    let (mut cookies, mut attributes) = (Vec::new(), String::new());
    for part in text.split(';').map(str::trim).filter(|it| !it.is_empty()) {
        let name = part.split('=').next().unwrap_or(part).trim();
        let is_attribute = [
            "samesite",
            "secure",
            "httponly",
            "path",
            "domain",
            "max-age",
            "expires",
            "partitioned",
        ]
        .contains(&name.to_ascii_lowercase().as_str());
        match is_attribute && !cookies.is_empty() {
            true => attributes.push_str(&format!("; {part}")),
            false => cookies.push(part.to_owned()),
        }
    }
    if !attributes.to_ascii_lowercase().contains("; path=") {
        attributes.push_str("; Path=/");
    }
    cookies
        .into_iter()
        .map(|cookie| cookie + &attributes)
        .collect()
}

fn pages(args: &CheckArgs, origins: &[String]) -> Result<Vec<Page>, String> {
    let page_url = match &args.page_url {
        None => None,
        Some(text) => {
            Some(Url::parse(text).map_err(|error| format!("--page-url {text}: {error}"))?)
        }
    };
    let mut pages: Vec<Page> = Vec::new();
    for text in origins {
        let origin = origin::parse(text)?;
        if let Some(url) = &page_url
            && !is_page_of(url, &origin)
        {
            let of = Origin::of_url(url, OpaqueId(0));
            return Err(format!(
                "--page-url {url} is of the origin {of}, not {origin}"
            ));
        }
        let is_known = |page: &Page| page.environment.origin == origin;
        if !pages.iter().any(is_known) {
            pages.push(page(args, origin, page_url.clone()));
        }
    }
    match (pages.is_empty(), page_url) {
        (false, _) => {}
        (true, Some(url)) => pages.push(page(args, Origin::of_url(&url, OpaqueId(0)), Some(url))),
        (true, None) => {
            return Err(
                "whose page asks? Say --origin, as in: --origin http://localhost:5173".to_owned(),
            );
        }
    }
    Ok(pages)
}

fn is_page_of(url: &Url, origin: &Origin) -> bool {
    // A sandboxed frame has a URL, and the origin `null` all the same.
    matches!(origin, Origin::Opaque(_)) || Origin::of_url(url, OpaqueId(0)) == *origin
}

fn page(args: &CheckArgs, origin: Origin, url: Option<Url>) -> Page {
    let of_origin = Url::parse(&format!("{origin}/")).ok();
    let mut environment = Environment::new(origin);
    environment.creation_url = url.clone().or(of_origin);
    if let Some(space) = args.page_address_space {
        environment.address_space = space.into();
    }
    Page { environment, url }
}

pub(super) fn note(text: impl Into<String>) -> Note {
    Note {
        kind: NoteKind::Note,
        text: text.into(),
    }
}

pub(super) fn warning(text: impl Into<String>) -> Note {
    Note {
        kind: NoteKind::Warning,
        text: text.into(),
    }
}

impl Api {
    /// Whether an element asks, and no script.
    const fn element(self) -> bool {
        !matches!(self, Self::Fetch | Self::Xhr)
    }

    /// The mode without a word of the author's.
    const fn mode(self) -> Mode {
        match self {
            Self::Fetch | Self::Xhr | Self::Module | Self::Font => Mode::Cors,
            Self::Image | Self::Script | Self::Style => Mode::NoCors,
        }
    }

    const fn destination(self) -> Destination {
        match self {
            Self::Fetch | Self::Xhr => Destination::Empty,
            Self::Image => Destination::Image,
            Self::Script | Self::Module => Destination::Script,
            Self::Style => Destination::Style,
            Self::Font => Destination::Font,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::jar_lines;

    #[test]
    fn attributes_belong_to_every_cookie_of_their_flag() {
        assert_eq!(jar_lines("a=1; b=2"), ["a=1; Path=/", "b=2; Path=/"]);
        assert_eq!(
            jar_lines("a=1; SameSite=None; Secure"),
            ["a=1; SameSite=None; Secure; Path=/"]
        );
        assert_eq!(jar_lines("a=1; Path=/x"), ["a=1; Path=/x"]);
    }
}
