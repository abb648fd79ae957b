//! The thread of the page's user agent: each request is a task.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
};

use corsac::fetch::{Body, HopKind, Request, ResponseBody};
use corsac_agent::{Agent, Exchange, Fetched, Opened, Outcome};
use tokio::{
    sync::{Semaphore, mpsc::UnboundedReceiver},
    task::AbortHandle,
};

use super::{
    fetched::{Initiator, PageFetch, console_line},
    network::{Command, Event, Message, Start},
};

/// One that is under way.
struct Task {
    handle: AbortHandle,
    initiator: Initiator,
    request: Request,
}

/// Does what the page asks until the page is gone.
pub(super) async fn serve(
    agent: Agent,
    mut commands: UnboundedReceiver<Command>,
    messages: Sender<Message>,
) {
    let mut tasks: HashMap<u32, Task> = HashMap::new();
    while let Some(command) = commands.recv().await {
        match command {
            Command::Start(start, window) => {
                tasks.retain(|_, task| !task.handle.is_finished());
                let (id, initiator, request) = (start.id, start.initiator, start.request.clone());
                let run = run(agent.clone(), *start, window, messages.clone());
                let handle = tokio::spawn(run).abort_handle();
                let task = Task {
                    handle,
                    initiator,
                    request,
                };
                tasks.insert(id, task);
            }
            Command::Abort(id) => {
                let Some(task) = tasks.remove(&id) else {
                    continue;
                };
                // Nothing runs beside this, so it does not end in between.
                if task.handle.is_finished() {
                    continue;
                }
                task.handle.abort();
                let done = Event::Done(Box::new(PageFetch {
                    initiator: task.initiator,
                    request: task.request,
                    fetched: None,
                    aborted: true,
                }));
                let _sent = messages.send(Message { id, event: done });
            }
        }
    }
}

async fn run(agent: Agent, start: Start, window: Arc<Semaphore>, messages: Sender<Message>) {
    let Start {
        id,
        initiator,
        page,
        request,
        body,
    } = start;
    // The page that is gone does not listen.
    let send = |event| drop(messages.send(Message { id, event }));
    let asked = request.clone();
    // Told once, though a body may be sent again after a redirect.
    let is_told = Arc::new(AtomicBool::new(false));
    let tell = {
        let (is_told, messages) = (Arc::clone(&is_told), messages.clone());
        move || {
            if !is_told.swap(true, Ordering::Relaxed) {
                let event = Event::Uploaded;
                drop(messages.send(Message { id, event }));
            }
        }
    };
    let on_sent = tell.clone();
    let mut opened = agent.open_watched(page, request, body, on_sent).await;
    // A server may answer before it has read everything; nobody waits for the rest then.
    if opened.fetched.exchanges.iter().any(is_answered) {
        tell();
    }
    let limit = agent.config().limits.body_bytes;
    let profile = &agent.config().profile;
    let mut is_whole = true;
    if initiator == Initiator::Script
        && let Outcome::Response { response, .. } = &opened.fetched.outcome
        && response.body == ResponseBody::Hidden
    {
        return load(opened, asked, send).await;
    }
    match &opened.fetched.outcome {
        Outcome::Response { response, .. } => {
            let is_exposed = response.body == ResponseBody::Exposed;
            send(Event::Response(response.clone()));
            let mut length = 0_usize;
            while is_exposed && let Some(chunk) = opened.chunk().await {
                let chunk = chunk.unwrap_or_default();
                length = length.saturating_add(chunk.len());
                // An error, or more than anybody keeps.
                if chunk.is_empty() || length > limit {
                    is_whole = false;
                    break;
                }
                match window.acquire().await {
                    Ok(permit) => permit.forget(),
                    Err(_) => return,
                }
                send(Event::Chunk(chunk));
            }
            send(match is_whole {
                true => Event::End,
                false => Event::Failed(Some(cut(&opened.fetched, length, limit))),
            });
        }
        Outcome::Blocked(_) | Outcome::Withheld(_) => {
            send(Event::Failed(console_line(
                profile,
                initiator,
                &opened.fetched,
            )));
        }
    }
    // The rest of a body that was cut is nobody's.
    let fetched = match is_whole {
        true => opened.collect().await,
        false => opened.fetched,
    };
    send(Event::Done(Box::new(PageFetch {
        initiator,
        request: asked,
        fetched: Some(fetched),
        aborted: false,
    })));
}

/// Ends a load that uses what script may not read.
async fn load(opened: Opened, request: Request, send: impl Fn(Event)) {
    let fetched = opened.collect_for_load().await;
    if let Outcome::Response { response, .. } = &fetched.outcome {
        send(Event::Response(response.clone()));
    }
    if let Some(exchange) = fetched.exchanges.last() {
        send(match exchange.body_error {
            None => Event::Chunk(exchange.body.clone()),
            Some(_) => Event::Failed(Some(cut(&fetched, exchange.body.len(), usize::MAX))),
        });
    }
    send(Event::Done(Box::new(PageFetch {
        initiator: Initiator::Script,
        request,
        fetched: Some(fetched),
        aborted: false,
    })));
}

/// Whether this exchange sends a body, and its answer's head is there.
fn is_answered(exchange: &Exchange) -> bool {
    let sends = exchange.hop.kind == HopKind::Actual && exchange.hop.body != Body::None;
    sends && exchange.head.is_some()
}

/// What the console says of a body that is not whole.
fn cut(fetched: &Fetched, length: usize, limit: usize) -> String {
    let method = &fetched.request.method;
    let exchange = fetched.exchanges.last();
    let url = exchange.map_or(&fetched.request.url, |exchange| &exchange.hop.url);
    if length > limit {
        return format!("{method} {url}: the body has more than {limit} bytes");
    }
    match exchange.and_then(|exchange| exchange.body_error.as_ref()) {
        Some(error) => format!("{method} {url}: the body is not whole: {error}"),
        None => format!("{method} {url}: the body is not whole"),
    }
}
