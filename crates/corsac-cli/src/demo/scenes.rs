//! What the demo shows, as data: the scenes, and the resources of Site B that they ask for.

use corsac::{
    diagnosis::{Code, Phase},
    policy::{PolicyConfig, Preflights},
};

use super::site_b::{Answer, Resource};

/// One scene: something to see about CORS.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// The point of it.
    pub(super) says: &'static str,
    pub(super) look: Look,
    pub(super) asks: &'static [Ask],
}

/// What people are shown of the exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The lines that CORS is about.
    Lines,
    /// Those, and Site B's own log.
    LinesAndLog,
    /// Every byte.
    Wire,
    /// Only which requests were sent, one line for each.
    Order,
    /// The lines that CORS is about, and beside them what the script gets.
    Script,
}

/// One thing that a script of Site A asks for, and how that must end.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) by: By,
    /// The page's URL.
    pub(super) page: &'static str,
    pub(super) method: &'static str,
    pub(super) url: &'static str,
    /// The headers that the script sets.
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: &'static str,
    pub(super) told: Told,
    /// The methods that go over the wire, in their order.
    pub(super) sent: &'static [&'static str],
    /// What must not go over the wire, whatever the script sets.
    pub(super) never_sent: Option<&'static str>,
}

/// What asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A user agent as if there were a script.
    Agent,
    /// A script that runs.
    Xhr,
    /// The same by the other API.
    Fetch,
}

impl By {
    /// The API that a script asks by.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Agent => None,
            Self::Xhr => Some("xhr"),
            Self::Fetch => Some("fetch"),
        }
    }
}

/// How an ask must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Readable,
    Blocked(Code, Phase),
}

const SITE_A: &str = "http://sitea.com/page";
const CLOSED: &str = "http://siteb.com/closed";
const SOME_PAGE: &str = "http://siteb.com/somePage";
const NOTES: &str = "http://siteb.com/notes";
const MISSING: Told = Told::Blocked(Code::AllowOriginMissing, Phase::Actual);
const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];
const JSON_BODY: &str = r#"{"myRequestContent": "JSON is so great"}"#;

/// What most scripts ask for: a GET, closed to them.
const GET: Ask = Ask {
    by: By::Agent,
    page: SITE_A,
    method: "GET",
    url: CLOSED,
    headers: &[],
    body: "",
    told: MISSING,
    sent: &["GET"],
    never_sent: None,
};

/// A PUT of JSON, granted and sent.
const PUT: Ask = Ask {
    method: "PUT",
    url: SOME_PAGE,
    headers: JSON,
    body: JSON_BODY,
    told: Told::Readable,
    sent: &["OPTIONS", "PUT"],
    ..GET
};

/// The hosts and ports that lead to Site B.
pub(super) const HOSTS: [(&str, u16); 4] = [
    ("siteb.com", 80),
    ("siteb.localhost", 80),
    ("sitea.com", 80),
    ("sitea.com", 8080),
];

pub(super) const SCENES: &[Scene] = &[
    Scene {
        id: "S1",
        title: "Another port and another scheme are other origins",
        says: "An origin is scheme, host and port, in lower case, as browsers write it. Its own \
               origin a page may always read. All others have to grant it, and what they grant is \
               compared byte for byte.",
        look: Look::Lines,
        asks: &[
            Ask {
                url: "http://sitea.com/page",
                told: Told::Readable,
                ..GET
            },
            Ask {
                url: "http://sitea.com:8080/page",
                ..GET
            },
            Ask {
                page: "https://sitea.com/page",
                url: "http://siteb.localhost/by-hand",
                told: Told::Blocked(Code::AllowOriginMismatch, Phase::Actual),
                ..GET
            },
            Ask {
                page: "http://siteA.com/page",
                url: "http://siteb.com/wrong-case",
                told: Told::Blocked(Code::AllowOriginMismatch, Phase::Actual),
                ..GET
            },
        ],
    },
    Scene {
        id: "S2",
        title: "Closed by default",
        says: "A server that says nothing lets no script of another origin read.",
        look: Look::Lines,
        asks: &[GET],
    },
    Scene {
        id: "S3",
        title: "Granted for one page, and not for the next",
        says: "Access-Control-Allow-Origin opens one response to one origin. It is said resource by \
               resource, and to whoever is listed.",
        look: Look::Lines,
        asks: &[
            Ask {
                url: SOME_PAGE,
                told: Told::Readable,
                ..GET
            },
            GET,
            Ask {
                page: "http://sitec.com/page",
                url: SOME_PAGE,
                ..GET
            },
        ],
    },
    Scene {
        id: "S4",
        title: "The response came back on the wire, and was withheld",
        says: "A browser does not refuse to send. The request goes out, the response comes back, \
               and only then the browser compares. Here is every byte.",
        look: Look::Wire,
        asks: &[GET],
    },
    Scene {
        id: "S5",
        title: "What the script sees",
        says: "Of what is granted, the response. Of what is not, no more than that it failed: \
               XMLHttpRequest has an error event, status 0, no headers, no body; fetch() rejects \
               with a TypeError that gives no reason. Scripts that run here, and the wire:",
        look: Look::Script,
        asks: &[
            Ask {
                by: By::Xhr,
                url: SOME_PAGE,
                told: Told::Readable,
                ..GET
            },
            Ask { by: By::Xhr, ..GET },
            Ask {
                by: By::Fetch,
                url: SOME_PAGE,
                told: Told::Readable,
                ..GET
            },
            Ask {
                by: By::Fetch,
                ..GET
            },
        ],
    },
    Scene {
        id: "S6",
        title: "Some requests must ask first",
        says: "What a form could always send goes out at once. Everything else is preceded by \
               a question.",
        look: Look::Order,
        asks: &[
            Ask {
                url: NOTES,
                told: Told::Readable,
                ..GET
            },
            Ask {
                url: NOTES,
                headers: &[],
                body: "",
                ..PUT
            },
            Ask {
                method: "POST",
                url: NOTES,
                headers: &[("Content-Type", "text/plain")],
                body: "hello",
                sent: &["POST"],
                ..PUT
            },
            Ask {
                method: "POST",
                url: NOTES,
                sent: &["OPTIONS", "POST"],
                ..PUT
            },
            Ask {
                url: NOTES,
                headers: &[("X-Custom", "1")],
                told: Told::Readable,
                sent: &["OPTIONS", "GET"],
                ..GET
            },
        ],
    },
    Scene {
        id: "S7",
        title: "The preflight that nobody wrote by hand",
        says: "The script asked for a PUT of JSON, and tried to set Origin and \
               Access-Control-Request-Method itself. The user agent asks in its own words, without \
               a body and without cookies. Every byte:",
        look: Look::Wire,
        asks: &[Ask {
            headers: &[
                ("Content-Type", "application/json"),
                ("Origin", "http://forged.example"),
                ("Access-Control-Request-Method", "FORGED"),
            ],
            never_sent: Some("forged"),
            ..PUT
        }],
    },
    Scene {
        id: "S8",
        title: "The PUT that was refused at the preflight, and never sent",
        says: "If the answer does not cover origin, method and headers, the actual request is never \
               sent.",
        look: Look::LinesAndLog,
        asks: &[
            Ask {
                url: CLOSED,
                told: Told::Blocked(Code::AllowOriginMissing, Phase::Preflight),
                sent: &["OPTIONS"],
                ..PUT
            },
            Ask {
                url: "http://siteb.com/read-only",
                told: Told::Blocked(Code::MethodNotAllowed, Phase::Preflight),
                sent: &["OPTIONS"],
                ..PUT
            },
        ],
    },
    Scene {
        id: "S9",
        title: "A good preflight, and an actual response that forgot its header",
        says: "The preflight is not the grant: the actual response needs its own \
               Access-Control-Allow-Origin. The PUT did happen; nobody may read how it went.",
        look: Look::LinesAndLog,
        asks: &[Ask {
            url: "http://siteb.com/forgetful",
            told: MISSING,
            ..PUT
        }],
    },
    Scene {
        id: "S10",
        title: "The PUT that was granted and sent",
        says: "All of it together, as it should be.",
        look: Look::LinesAndLog,
        asks: &[PUT],
    },
];

pub(super) const RESOURCES: &[Resource] = &[
    Resource {
        path: "/page",
        says: "nothing to anybody",
        answer: Answer::Policy(PolicyConfig::default),
        body: "This is a page.\n",
    },
    Resource {
        path: "/closed",
        says: "nothing to anybody",
        answer: Answer::Policy(PolicyConfig::default),
        body: "This is Site B's answer.\n",
    },
    Resource {
        path: "/somePage",
        says: "http://sitea.com PUT and Content-Type",
        answer: Answer::Policy(some_page),
        body: "{\"myResponseContent\": \"JSON is so great\"}\n",
    },
    Resource {
        path: "/notes",
        says: "as /somePage, and X-Custom",
        answer: Answer::Policy(|| PolicyConfig {
            allow_origins: ["http://sitea.com"].into(),
            allow_methods: ["PUT"].into(),
            allow_headers: ["Content-Type", "X-Custom"].into(),
            ..PolicyConfig::default()
        }),
        body: "noted\n",
    },
    Resource {
        path: "/forgetful",
        says: "as /somePage, but only in preflights",
        answer: Answer::ForgetsActual(some_page),
        body: "changed\n",
    },
    Resource {
        path: "/by-hand",
        says: "http://sitea.com, whoever asks",
        answer: Answer::ByHand(&[("Access-Control-Allow-Origin", "http://sitea.com")]),
        body: "written by hand\n",
    },
    Resource {
        path: "/read-only",
        says: "http://sitea.com, but no PUT",
        answer: Answer::ByHand(&[
            ("Access-Control-Allow-Origin", "http://sitea.com"),
            ("Access-Control-Allow-Methods", "GET, POST"),
            ("Access-Control-Allow-Headers", "Content-Type"),
        ]),
        body: "read\n",
    },
    Resource {
        path: "/wrong-case",
        says: "http://siteA.com, which nobody is",
        answer: Answer::ByHand(&[("Access-Control-Allow-Origin", "http://siteA.com")]),
        body: "almost\n",
    },
];

fn some_page() -> PolicyConfig {
    PolicyConfig {
        allow_origins: ["http://sitea.com"].into(),
        allow_methods: ["GET", "POST", "PUT"].into(),
        allow_headers: ["Content-Type"].into(),
        preflights: Preflights::TellLists,
        ..PolicyConfig::default()
    }
}
