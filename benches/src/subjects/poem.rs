//! poem.

use poem::{Endpoint, EndpointExt, Request, Response, endpoint::make_sync, middleware::Cors};

use super::{EXPOSED, METHODS, names};
use crate::{
    kind::Kind,
    list::List,
    subject::{Answer, Subject, bare, now},
};

const BARE: &str = "poem, bare";

pub(super) fn subjects(list: List) -> Vec<Subject> {
    let handler = || make_sync(|_| Response::builder().content_type("text/plain").finish());
    let cors = Cors::new()
        .allow_methods(METHODS)
        .allow_headers(names())
        .expose_headers([EXPOSED])
        .allow_credentials(true)
        .max_age(600);
    let cors = match list.wildcards {
        true => list
            .entries()
            .fold(cors, |cors, it| cors.allow_origin_regex(it)),
        false => cors.allow_origins(list.entries()),
    };
    vec![
        subject(BARE, bare, handler()),
        subject("poem", of_poem, handler().with(cors)),
    ]
}

fn subject<E>(name: &'static str, expected: fn(&Kind) -> Answer, endpoint: E) -> Subject
where
    E: Endpoint<Output = Response> + 'static,
{
    let prepare = |kind: &Kind| {
        let mut request = Request::builder().method(kind.method()).finish();
        for (name, value) in kind.headers() {
            request.headers_mut().insert(name, value.clone());
        }
        request
    };
    Subject::new(
        [name, BARE],
        expected,
        prepare,
        move |request| now(endpoint.call(request)),
        |response| match response {
            Ok(response) => Answer::of(response.status(), response.headers()),
            Err(error) => Answer {
                status: error.status().as_u16(),
                grants: false,
            },
        },
    )
}

/// Whatever is refused is a 403, the handler not asked.
fn of_poem(kind: &Kind) -> Answer {
    let grants = kind.origin_allowed && kind.rest_allowed;
    Answer {
        status: match (kind.has_origin(), grants) {
            (true, false) => 403,
            _ => 200,
        },
        grants,
    }
}
