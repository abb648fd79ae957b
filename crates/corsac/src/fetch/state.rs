use crate::{
    diagnosis::{Phase, Reason, TransportError, Verdict},
    header::HeaderList,
};

use super::{AddressSpace, Answer, Hop, Question, Response, ResponseHead};

/// Where a fetch stands.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// It can go on by itself.
    Running(Step),
    /// A request is on its way, and the host owes a response.
    Sending(Box<Hop>),
    /// The host owes an answer.
    Asking(Question, Then),
    /// It is over, and script gets a response.
    Delivered(Box<Response>),
    /// It is over, and script gets a network error.
    Blocked(Box<Verdict>),
}

/// Where the algorithms go on.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Main fetch begins, for the request's own URL or a redirect's target.
    MainFetch,
    /// Main fetch may go where it goes.
    MainFetchReferrer,
    /// Main fetch comes to its switch.
    MainFetchSwitch,
    /// HTTP fetch goes on with all preflights behind it.
    HttpNetworkOrCacheFetch {
        /// Whether a connection turned out to be the wrong one.
        is_new_connection_fetch: bool,
    },
    /// The actual request's headers want an Authorization.
    Authorize(HttpRequest),
    /// The actual request is complete.
    HttpNetworkFetch(HttpRequest),
}

/// The Standard's httpRequest, as far as it is not the request.
#[derive(Clone, Debug)]
pub(super) struct HttpRequest {
    pub(super) header_list: HeaderList,
    pub(super) is_new_connection_fetch: bool,
}

impl HttpRequest {
    pub(super) fn new(header_list: HeaderList) -> Self {
        Self {
            header_list,
            is_new_connection_fetch: false,
        }
    }
}

/// What an answer is for.
#[derive(Clone, Debug)]
pub(super) enum Then {
    Policy,
    Upgrade,
    Cookies(HttpRequest),
    Authorization(HttpRequest),
    LocalNetwork(Box<Hop>),
}

/// What the host brought.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Head(ResponseHead),
    Failure(TransportError),
    Connection(AddressSpace),
    Answer(Answer),
    Abort,
}

/// A failing step and what else would have failed, in which phase.
pub(super) type Failure = (Phase, Reason, Vec<Reason>);

pub(super) fn actual(reason: Reason) -> Failure {
    (Phase::Actual, reason, Vec::new())
}
