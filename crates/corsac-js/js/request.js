// Request: its constructor's checks in the Standard's order, over a plain record of state.
(native, shared) => {
  const { atLeast, byteString, dictionary, domString, enumeration, usvString } = shared.idl;
  const { bodies, headers } = shared;
  const { isObject } = shared.streams;
  const KEY = Symbol("made here");
  const HREF = 0, ORIGIN = 1, PROTOCOL = 2, USERNAME = 3, PASSWORD = 4, PATHNAME = 8;

  const oneOf = (type, ...names) => (value) => enumeration(value, names, type);

  const signalOrNull = (value) => {
    if (value === null || value instanceof shared.AbortSignal) return value;
    throw new TypeError("RequestInit: the signal is no AbortSignal");
  };

  // In the order in which WebIDL reads them.
  const MEMBERS = Object.entries({
    body: (value) => (value === null ? null : bodies.bodyInit(value)),
    cache: oneOf("RequestCache", "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"),
    credentials: oneOf("RequestCredentials", "omit", "same-origin", "include"),
    duplex: oneOf("RequestDuplex", "half"),
    headers: headers.init,
    integrity: domString,
    keepalive: Boolean,
    method: byteString,
    mode: oneOf("RequestMode", "navigate", "same-origin", "no-cors", "cors"),
    priority: oneOf("RequestPriority", "high", "low", "auto"),
    redirect: oneOf("RequestRedirect", "follow", "error", "manual"),
    referrer: usvString,
    referrerPolicy: oneOf(
      "ReferrerPolicy", "", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
      "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url",
    ),
    signal: signalOrNull,
    window: (value) => value,
  });

  // Without a prototype: that of other objects is script's to change.
  const NONE = { __proto__: null, isEmpty: true };

  const requestInit = (value) => {
    if (value === undefined || value === null) return NONE;
    const given = dictionary(value, "RequestInit");
    const init = { __proto__: null, isEmpty: true };
    for (const [name, convert] of MEMBERS) {
      const member = given[name];
      if (member === undefined) continue;
      init[name] = convert(member);
      init.isEmpty = false;
    }
    return init;
  };

  const ofUrl = (text) => {
    const parts = native.url.parse(text, shared.baseUrl());
    if (!parts) throw new TypeError(`Request: "${text}" is no URL`);
    if (parts[USERNAME] !== "" || parts[PASSWORD] !== "") throw new TypeError("Request: the URL has a user name or a password");
    return {
      url: parts[HREF], method: "GET", list: [], guard: "request", headers: null,
      mode: "cors", credentials: "same-origin", cache: "default", redirect: "follow",
      referrer: "client", referrerPolicy: "", integrity: "", keepalive: false,
      // Follows `source`; made when somebody asks for it.
      signal: null, source: null,
      body: null, useCorsPreflight: false,
    };
  };

  const copyOf = (it) => ({ ...it, list: headers.list(it), headers: null, signal: null, body: null, useCorsPreflight: false });

  const referrerOf = (text) => {
    if (text === "") return "no-referrer";
    const parts = native.url.parse(text, shared.baseUrl());
    if (!parts) throw new TypeError(`Request: the referrer "${text}" is no URL`);
    const isClient = parts[PROTOCOL] === "about:" && parts[PATHNAME] === "client";
    // "null" is an origin that is the same as no other.
    const isOurs = parts[ORIGIN] !== "null" && parts[ORIGIN] === shared.origin();
    return isClient || !isOurs ? "client" : parts[HREF];
  };

  const methodOf = (method) => {
    if (!native.rules.isToken(method) || native.rules.isForbiddenMethod(method)) {
      throw new TypeError(`Request: the method "${method}" is not allowed`);
    }
    return native.rules.normalizeMethod(method);
  };

  // `input` is a string, or the state of a Request.
  const build = (input, init) => {
    const isText = typeof input === "string";
    const it = isText ? ofUrl(input) : copyOf(input);
    if (init.window !== undefined && init.window !== null) throw new TypeError("Request: a window can only be null");
    if (!init.isEmpty) {
      it.referrer = "client";
      it.referrerPolicy = "";
    }
    if (init.referrer !== undefined) it.referrer = referrerOf(init.referrer);
    if (init.referrerPolicy !== undefined) it.referrerPolicy = init.referrerPolicy;
    if (init.mode === "navigate") throw new TypeError('Request: the mode "navigate" is not for script');
    for (const name of ["mode", "credentials", "cache"]) if (init[name] !== undefined) it[name] = init[name];
    if (it.cache === "only-if-cached" && it.mode !== "same-origin") {
      throw new TypeError('Request: the cache mode "only-if-cached" needs the mode "same-origin"');
    }
    for (const name of ["redirect", "integrity", "keepalive"]) if (init[name] !== undefined) it[name] = init[name];
    if (init.method !== undefined) it.method = methodOf(init.method);
    if (init.signal !== undefined) it.source = init.signal;
    it.guard = "request";
    if (it.mode === "no-cors") {
      if (!native.rules.isCorsSafelistedMethod(it.method)) throw new TypeError(`Request: the mode "no-cors" has no method ${it.method}`);
      it.guard = "request-no-cors";
    }
    if (!init.isEmpty) it.list = headers.fill(it.guard, [], init.headers ?? it.list);
    const given = init.body ?? null;
    const inputBody = isText ? null : input.body;
    if ((given !== null || inputBody !== null) && (it.method === "GET" || it.method === "HEAD")) {
      throw new TypeError(`Request: ${it.method} has no body`);
    }
    if (given !== null) {
      const extracted = shared.extractBody(given, it);
      const { type } = extracted;
      if (type !== null && !native.headers.has(it.list, "Content-Type")) {
        it.list = native.headers.append(it.guard, it.list, "Content-Type", type);
      }
      it.body = bodies.ofExtracted(extracted);
    }
    const body = it.body ?? inputBody;
    if (body !== null && body.bytes === null) {
      if (given !== null && init.duplex === undefined) throw new TypeError('Request: a body that is a stream needs the duplex "half"');
      if (it.mode !== "same-origin" && it.mode !== "cors") throw new TypeError(`Request: the mode "${it.mode}" has no stream for a body`);
      it.useCorsPreflight = true;
    }
    if (given === null && inputBody !== null) {
      if (bodies.isUnusable(inputBody)) throw new TypeError("Request: the body is locked or was read already");
      it.body = bodies.transfer(inputBody);
    }
    return it;
  };

  let stateOf;

  class Request {
    #it;

    static {
      stateOf = (request) => request.#it;
    }

    constructor(input, init = {}) {
      if (input === KEY) {
        this.#it = init;
        return;
      }
      atLeast(arguments, 1, "Request constructor");
      const source = isObject(input) && #it in input ? input.#it : usvString(input);
      this.#it = build(source, requestInit(init));
    }

    get method() {
      return this.#it.method;
    }

    get url() {
      return this.#it.url;
    }

    get headers() {
      return headers.of(this.#it);
    }

    get destination() {
      this.#it;
      return "";
    }

    get referrer() {
      const { referrer } = this.#it;
      return referrer === "no-referrer" ? "" : referrer === "client" ? "about:client" : referrer;
    }

    get referrerPolicy() {
      return this.#it.referrerPolicy;
    }

    get mode() {
      return this.#it.mode;
    }

    get credentials() {
      return this.#it.credentials;
    }

    get cache() {
      return this.#it.cache;
    }

    get redirect() {
      return this.#it.redirect;
    }

    get integrity() {
      return this.#it.integrity;
    }

    get keepalive() {
      return this.#it.keepalive;
    }

    get isReloadNavigation() {
      this.#it;
      return false;
    }

    get isHistoryNavigation() {
      this.#it;
      return false;
    }

    get signal() {
      const it = this.#it;
      it.signal ??= shared.dependentSignal(it.source === null ? [] : [it.source]);
      return it.signal;
    }

    get duplex() {
      this.#it;
      return "half";
    }

    clone() {
      const it = this.#it;
      if (bodies.isUnusable(it.body)) throw new TypeError("Request.clone: the body is locked or was read already");
      return new Request(KEY, {
        ...copyOf(it),
        useCorsPreflight: it.useCorsPreflight,
        body: bodies.clone(it.body),
      });
    }

    static {
      bodies.mixin(this, stateOf);
    }
  }

  shared.requestOf = (input, init) => stateOf(new Request(input, init));
  shared.Request = Request;
};
