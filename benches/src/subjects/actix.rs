//! actix-web and actix-cors.

use actix_cors::Cors;
use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse,
    dev::{Service, ServiceResponse},
    rt::System,
    test, web,
};

use super::{EXPOSED, METHODS, names};
use crate::{
    kind::Kind,
    list::List,
    subject::{Answer, Subject, bare, now},
};

const BARE: &str = "actix-web, bare";

pub(super) fn subjects(list: List) -> Vec<Subject> {
    if list.wildcards {
        return Vec::new();
    }
    let handler = || web::to(|| async { HttpResponse::Ok().content_type("text/plain").finish() });
    let system = System::new();
    let floor = App::new().default_service(handler());
    let floor = system.block_on(test::init_service(floor));
    let theirs = App::new().wrap(cors(list)).default_service(handler());
    let theirs = system.block_on(test::init_service(theirs));
    vec![
        subject(BARE, bare, floor),
        subject("actix-cors", of_actix_cors, theirs),
    ]
}

fn cors(list: List) -> Cors {
    let cors = Cors::default()
        .allowed_methods(METHODS.iter().map(|method| method.as_str()))
        .allowed_headers(names().iter().map(|name| name.as_str()))
        .expose_headers([EXPOSED.as_str()])
        .supports_credentials()
        .max_age(600);
    list.entries()
        .fold(cors, |cors, origin| cors.allowed_origin(&origin))
}

fn subject<S, B>(name: &'static str, expected: fn(&Kind) -> Answer, service: S) -> Subject
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    let prepare = |kind: &Kind| {
        let mut request = test::TestRequest::with_uri("/")
            .method(kind.method().as_str().parse().expect("a method"));
        for (name, value) in kind.headers() {
            request = request.append_header((name.as_str(), value.as_bytes()));
        }
        request.to_request()
    };
    Subject::new(
        [name, BARE],
        expected,
        prepare,
        move |request| now(service.call(request)),
        |response| match response {
            Ok(response) => Answer {
                status: response.status().as_u16(),
                grants: response
                    .headers()
                    .contains_key("access-control-allow-origin"),
            },
            Err(error) => Answer {
                status: error.as_response_error().status_code().as_u16(),
                grants: false,
            },
        },
    )
}

/// A refused preflight is a 400.
fn of_actix_cors(kind: &Kind) -> Answer {
    let grants = kind.origin_allowed && kind.rest_allowed;
    Answer {
        status: if kind.is_preflight && !grants {
            400
        } else {
            200
        },
        grants,
    }
}
