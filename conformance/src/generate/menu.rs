//! What scenarios are made of: what is right, what is nearly right, and what is at a limit.

pub(super) const METHODS: &[&str] = &[
    "GET", "GET", "GET", "POST", "POST", "PUT", "PUT", "DELETE", "PATCH", "patch", "HEAD", "put",
    "OPTIONS", "get", "X-METHOD",
];

/// Author headers: name and value.
pub(super) const HEADERS: &[(&str, &str)] = &[
    ("X-Custom", "1"),
    ("X-Custom", "1"),
    ("x-other", "2"),
    ("X-Custom", ""),
    ("Authorization", "Bearer t"),
    ("Authorization", "Bearer t"),
    ("Content-Type", "text/plain"),
    ("Content-Type", "text/plain;charset=UTF-8"),
    ("Content-Type", "application/json"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Content-Type", "text/plain; x=\"y\""),
    ("Content-Type", "TEXT/PLAIN"),
    ("Content-Type", "text/html"),
    ("Content-Type", "nonsense"),
    ("Accept", "text/html"),
    ("Accept", "text/(html)"),
    ("Accept", "text/html, */*;q=0.5"),
    ("Accept-Language", "fr, en;q=0.5"),
    ("Accept-Language", "fr@x"),
    ("Accept-Language", "fr_FR"),
    ("Content-Language", "tlh"),
    ("Content-Language", "tlh_KX"),
    ("Range", "bytes=0-9"),
    ("Range", "bytes=5-"),
    ("Range", "bytes=-9"),
    ("Range", "bytes=9-0"),
    ("Range", "bytes=0-9,20-29"),
    ("Range", "lines=0-9"),
    ("DPR", "2"),
    ("Save-Data", "on"),
    ("Width", "100"),
    ("Viewport-Width", "100"),
    ("Downlink", "1"),
    ("Cache-Control", "no-cache"),
    ("Pragma", "no-cache"),
    ("X-Requested-With", "XMLHttpRequest"),
    ("X-HTTP-Method-Override", "PUT"),
    ("X-HTTP-Method-Override", "TRACE"),
    ("X-Method-Override", "put, connect"),
    // Forbidden: ignored without a word.
    ("Origin", "http://evil.example"),
    ("Access-Control-Request-Headers", "x-evil"),
    ("Cookie", "evil=1"),
    ("Sec-Evil", "1"),
    ("Proxy-Evil", "1"),
    ("Set-Cookie", "evil=1"),
    ("Host", "evil.example"),
    ("TE", "trailers"),
];

/// Status codes of actual responses.
pub(super) const STATUSES: &[u16] = &[
    200, 200, 200, 200, 200, 201, 204, 205, 206, 299, 304, 400, 403, 404, 418, 500, 503, 599,
];

/// Status codes of answers to preflights.
pub(super) const PREFLIGHT_STATUSES: &[u16] = &[
    200, 200, 204, 204, 204, 204, 201, 226, 299, 300, 301, 302, 304, 307, 400, 401, 403, 404, 405,
    500, 503,
];

pub(super) const REDIRECTS: &[u16] = &[301, 302, 302, 303, 307, 308];

/// A header, and values that a server may come up with.
pub(super) type Values = (&'static str, &'static [&'static str]);

pub(super) const ALLOW_ORIGIN: Values = (
    "Access-Control-Allow-Origin",
    &[
        "{page}",
        "{page}",
        "{origin}",
        "*",
        "*",
        "null",
        "{page}/",
        "{page}, {page}",
        "*, *",
        "",
        "http://localhost",
        "https://other.example",
        "\"*\"",
        "{o0}",
        "NULL",
        "{page} ",
        "\t{page}",
        "{page}\u{b}",
        "HTTP://LOCALHOST",
        "http://*",
        "{page};",
        "\u{e9}",
    ],
);

pub(super) const ALLOW_CREDENTIALS: Values = (
    "Access-Control-Allow-Credentials",
    &[
        "true",
        "true",
        "true",
        "True",
        "TRUE",
        "true, true",
        "",
        "1",
        "false",
        " true ",
        "true\u{b}",
    ],
);

pub(super) const ALLOW_METHODS: Values = (
    "Access-Control-Allow-Methods",
    &[
        "*",
        "*",
        "PUT",
        "PUT, DELETE, PATCH",
        "DELETE,\tPUT,",
        "put",
        "PUT DELETE",
        "",
        ",,PUT",
        "PATCH, *",
        "patch",
        "\"PUT\"",
        "PUT;DELETE",
        "GET",
        "POST, GET",
        "PUT, \u{b}",
    ],
);

pub(super) const ALLOW_HEADERS: Values = (
    "Access-Control-Allow-Headers",
    &[
        "*",
        "*",
        "*",
        "x-custom",
        "X-CUSTOM, Content-Type",
        "x custom",
        "",
        "*, authorization",
        "Authorization,content-type,x-custom,X-OTHER,accept,accept-language,range,content-language,cache-control,pragma",
        "Authorization, content-type , x-custom ,,x-other",
        "\"x-custom\"",
        "x-custom;",
        "'x-custom'",
        "content-type",
        "authorization",
        "x-custom, \u{b}",
        "dpr, save-data, width, viewport-width, downlink, x-custom",
    ],
);

pub(super) const MAX_AGE: Values = (
    "Access-Control-Max-Age",
    &[
        "0",
        "1",
        "600",
        "600",
        "600",
        "-1",
        "-600",
        "5.5",
        "",
        "abc",
        "+600",
        "99999999999999999999",
        "600, 600",
        "0600",
        "6 0",
    ],
);

pub(super) const EXPOSE_HEADERS: Values = (
    "Access-Control-Expose-Headers",
    &[
        "*",
        "x-total",
        "X-TOTAL, x-secret",
        "x total",
        "",
        "Set-Cookie, X-Secret",
        ",x-total,",
        "\"x-total\"",
        "x-total\u{b}",
        "*, x-secret",
        "x-total;x-secret",
        "'x-total'",
        "\tx-total\t,\tx-secret",
    ],
);

/// What responses say beside the CORS protocol.
pub(super) const OTHER: &[&str] = &[
    "Content-Type: text/plain",
    "X-Total: 3",
    "x-total: 4",
    "X-Secret: 5",
    "Cache-Control: no-store",
    "ETag: \"x\"",
    "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT",
    "Expires: Wed, 21 Oct 2015 07:28:00 GMT",
    "Pragma: x",
    "Content-Language: tlh",
    "Vary: Origin",
    "Set-Cookie: sid=1; Path=/nowhere",
    "Timing-Allow-Origin: *",
    "Cross-Origin-Resource-Policy: same-origin",
    "Cross-Origin-Resource-Policy: same-site",
    "Cross-Origin-Resource-Policy: cross-origin",
    "X-Odd: caf\u{e9}",
    "X-Empty:",
    "X-Secret:\t6 ",
];

/// A GIF of one pixel.
pub(super) const GIF: &str = "GIF89a\u{1}\u{0}\u{1}\u{0}\u{80}\u{0}\u{0}\u{0}\u{0}\u{0}\u{ff}\u{ff}\u{ff}\u{21}\u{f9}\u{4}\u{1}\u{0}\u{0}\u{0}\u{0}\u{2c}\u{0}\u{0}\u{0}\u{0}\u{1}\u{0}\u{1}\u{0}\u{0}\u{2}\u{2}\u{44}\u{1}\u{0}\u{3b}";
