use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
};

use anyhow::Result;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper_util::service::TowerToHyperService;
use tower::service_fn;

use super::site_b::{Server, serve};

/// On everything that the upstream says.
pub(super) const MARK: &str = "x-from-upstream";

/// The service behind every engine: it answers as the path says, and knows nothing of CORS.
pub(super) struct Upstream(Server);

impl Upstream {
    pub(super) fn start() -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let service = service_fn(async |request: Request<_>| Ok::<_, Infallible>(answer(&request)));
        serve(address, TowerToHyperService::new(service)).map(Self)
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port()
    }
}

/// What the upstream says, whoever stands before it.
pub(super) fn answer<B>(request: &Request<B>) -> Response<String> {
    let path = request.uri().path();
    let mut response = Response::new(match path {
        "/304" => String::new(),
        _ => "hello\n".to_owned(),
    });
    *response.status_mut() = match path {
        "/301" => StatusCode::MOVED_PERMANENTLY,
        "/304" => StatusCode::NOT_MODIFIED,
        "/404" => StatusCode::NOT_FOUND,
        // An engine is asked for a port where nobody listens; the layer alone has its handler say so.
        "/502" | "/dead" => StatusCode::BAD_GATEWAY,
        _ => StatusCode::OK,
    };
    let headers = response.headers_mut();
    headers.insert(MARK, HeaderValue::from_static("1"));
    match path {
        "/301" => {
            headers.insert(header::LOCATION, HeaderValue::from_static("/elsewhere"));
        }
        "/star" => {
            let any = HeaderValue::from_static("*");
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
        }
        "/vary" => {
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        _ => {}
    }
    response
}
