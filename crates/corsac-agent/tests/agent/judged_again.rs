//! What was recorded, judged by others.

use std::{sync::Arc, time::Duration};

use corsac::{
    diagnosis::{Code, TransportError},
    fetch::{Fetch, Output, PreflightCache, Profile},
};
use corsac_agent::Fetched;
use http::Method;

use crate::server::*;

/// Gives a fetch of another profile the same answers; `None` if it would have sent something else.
fn judge(fetched: &Fetched, profile: Profile) -> Option<Option<Code>> {
    let mut fetch = Fetch::new(Arc::clone(&fetched.page), fetched.request.clone(), profile);
    let mut exchanges = fetched.exchanges.iter();
    loop {
        match fetch.poll(&mut PreflightCache::default(), Duration::ZERO) {
            Output::Send(hop) => {
                let exchange = exchanges.next()?;
                if hop.header_list != exchange.hop.header_list || hop.url != exchange.hop.url {
                    return None;
                }
                let id = hop.id;
                match (&exchange.head, &exchange.failure) {
                    (Some(head), _) => fetch.handle_head(id, head.clone()),
                    (None, failure) => {
                        let error = failure.as_ref().map(TransportError::from)?;
                        fetch.handle_failure(id, error);
                    }
                }
            }
            Output::Ask(_) => fetch.handle_answer(corsac::fetch::Answer::No),
            Output::Deliver(_) => return Some(None),
            Output::Blocked(verdict) => return Some(Some(verdict.code())),
        }
    }
}

#[tokio::test]
async fn answers_are_judged_by_each_engine() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin:\r\n\
        Access-Control-Allow-Origin: *\r\n\r\n"])
    .await;
    let multiple = Some(Some(Code::AllowOriginMultiple));
    assert_eq!(judge(&fetched, Profile::FETCH), multiple);
    assert_eq!(judge(&fetched, Profile::CHROMIUM), multiple);
    // Firefox hands over a 407 that came from no proxy.
    let fetched = get(&[b"HTTP/1.1 407 No\r\nAccess-Control-Allow-Origin: *\r\n\r\n"]).await;
    assert!(matches!(judge(&fetched, Profile::FETCH), Some(Some(_))));
    assert_eq!(judge(&fetched, Profile::FIREFOX), Some(None));
    // A failure is one for everybody.
    let fetched = put(&[b""]).await;
    let nothing = Some(Some(Code::PreflightNoResponse));
    assert_eq!(judge(&fetched, Profile::WEBKIT), nothing);
    assert_eq!(fetched.exchanges[0].hop.method, Method::OPTIONS);
}
