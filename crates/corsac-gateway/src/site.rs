//! Files of a folder.

use std::{io, path::Path};

use http::{Request, Response};
use tower_http::services::ServeDir;

use crate::{body::Body, refusal::Refusal};

/// A folder whose files are served: GET and HEAD, ranges, conditions, `index.html`.
pub(crate) struct Site(ServeDir);

impl Site {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(ServeDir::new(folder))
    }

    pub(crate) async fn answer<B>(&self, request: &Request<B>) -> Result<Response<Body>, Refusal> {
        if !is_public(request.uri().path()) {
            return Err(Refusal::NoUpstream);
        }
        let mut asked = Request::new(String::new());
        asked.method_mut().clone_from(request.method());
        asked.uri_mut().clone_from(request.uri());
        asked.headers_mut().clone_from(request.headers());
        let mut files = self.0.clone();
        let answer = files.try_call(asked).await;
        let response = answer.map_err(|error| refusal(&error))?;
        Ok(response.map(Body::File))
    }
}

/// Whoever may not read a file is not told that there is one.
fn refusal(error: &io::Error) -> Refusal {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied};
    match error.kind() {
        NotFound | NotADirectory | PermissionDenied | InvalidFilename | InvalidInput => {
            Refusal::NoUpstream
        }
        _ => Refusal::Unreadable,
    }
}

/// Whether a path is meant to be seen. Names that begin with a dot are where secrets and histories
/// are; and a folder that is asked for as `//name` would be redirected to a host of that name.
fn is_public(path: &str) -> bool {
    let is_hidden = |segment: &str| {
        let dot = segment.strip_prefix('.').is_some();
        let escaped = segment
            .get(..3)
            .is_some_and(|it| it.eq_ignore_ascii_case("%2e"));
        (dot || escaped) && segment != ".well-known"
    };
    !path.starts_with("//") && !path.split('/').any(is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_are_hidden() {
        for (path, verdict) in [
            ("/", true),
            ("/a.html", true),
            ("/.well-known/security.txt", true),
            ("/.git/config", false),
            ("/a/.env", false),
            ("/%2egit/config", false),
            ("/%2Egit/config", false),
            ("/../x", false),
            ("//host", false),
            ("/a//b", true),
        ] {
            assert_eq!(is_public(path), verdict, "{path}");
        }
    }
}
