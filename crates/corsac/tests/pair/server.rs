//! What servers send: what the policy says, unless the case spoils it.

use corsac::{
    fetch::{Hop, HopKind, ResponseHead},
    header::HeaderList,
    policy::{Policy, PolicyConfig, RequestHead},
};

use crate::case::{Fault, HANDLER_HEADERS, Handler, TARGETS};

/// A resource's policy, as written and as built.
pub(crate) struct Server {
    pub(crate) config: PolicyConfig,
    pub(crate) policy: Policy,
}

/// What an honest server sends.
pub(crate) fn respond(
    server: &Server,
    hop: &Hop,
    handler: Handler,
) -> Result<ResponseHead, String> {
    let request = RequestHead::of_list(hop.method.as_str().as_bytes(), &hop.header_list);
    let decision = server.policy.decide(&request);
    let is_preflight = hop.kind == HopKind::Preflight;
    let answer = decision.answer().map(|status| status.as_u16());
    ensure!(answer.is_some() == is_preflight, "{answer:?} to {hop:?}");
    let status = answer.unwrap_or(match handler {
        Handler::Ok => 200,
        Handler::NotFound => 404,
        Handler::Redirect(status, _) => status,
    });
    let mut list = HeaderList::new();
    if !is_preflight {
        list = HANDLER_HEADERS.into_iter().collect();
        if let Handler::Redirect(_, target) = handler {
            list.push("Location", TARGETS[target]);
        }
    }
    decision.apply(&hop.header_list, &mut list);
    Ok(ResponseHead::new(status, list))
}

pub(crate) fn spoil(head: &mut ResponseHead, fault: Fault) {
    const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
    let list = &mut head.header_list;
    let origin = |list: &HeaderList| {
        let (_, value) = list.lines(ALLOW_ORIGIN).next()?;
        Some(value.to_vec())
    };
    match fault {
        Fault::NoResponse(_) => {}
        Fault::Status(status) => head.status = status,
        Fault::Drop(name) => list.delete(name),
        Fault::Set(name, value) => list.set(name, value),
        Fault::Add(name, value) => list.push(name, value),
        Fault::Slash => {
            if let Some(mut origin) = origin(list) {
                origin.push(b'/');
                list.set(ALLOW_ORIGIN, origin);
            }
        }
        Fault::UpperCase => {
            if let Some(mut origin) = origin(list) {
                origin.make_ascii_uppercase();
                list.set(ALLOW_ORIGIN, origin);
            }
        }
    }
}
