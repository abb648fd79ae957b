// Response: made by script, or for it out of what the network answered.
(native, shared) => {
  const { atLeast, byteString, dictionary, usvString } = shared.idl;
  const { bodies, headers } = shared;
  const KEY = Symbol("made here");
  const HREF = 0;

  // unsigned short
  const unsignedShort = (value) => +value & 0xffff;

  // In the order in which WebIDL reads them.
  const responseInit = (value) => {
    const given = dictionary(value, "ResponseInit");
    const { headers: list } = given;
    const flat = list === undefined ? null : headers.init(list);
    const { status } = given;
    const code = status === undefined ? 200 : unsignedShort(status);
    const { statusText } = given;
    return { list: flat, status: code, statusText: statusText === undefined ? "" : byteString(statusText) };
  };

  const newState = (parts) => ({
    type: "default", url: "", redirected: false, status: 200, statusText: "",
    list: [], guard: "response", headers: null, body: null,
    ...parts,
  });

  // "Initialize a response"; `extracted` is null or what `extractBody` returns.
  const initialize = (init, extracted) => {
    const { status, statusText } = init;
    if (status < 200 || status > 599) throw new RangeError(`Response: the status ${status} is not from 200 to 599`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(statusText)) throw new TypeError("Response: the status text holds a control character");
    const it = newState({ status, statusText });
    if (init.list !== null) it.list = headers.fill(it.guard, it.list, init.list);
    if (extracted === null) return it;
    if (native.rules.isNullBodyStatus(status)) throw new TypeError(`Response: the status ${status} has no body`);
    it.body = bodies.ofExtracted(extracted);
    const { type } = extracted;
    if (type !== null && !native.headers.has(it.list, "Content-Type")) it.list = [...it.list, "Content-Type", type];
    return it;
  };

  let stateOf, make;

  class Response {
    #it;

    static {
      stateOf = (response) => response.#it;
      make = (it) => new this(KEY, it);
    }

    constructor(body = null, init = {}) {
      if (body === KEY) {
        this.#it = init;
        return;
      }
      const given = body === null ? null : bodies.bodyInit(body);
      const members = responseInit(init);
      this.#it = initialize(members, given === null ? null : shared.extractBody(given));
    }

    static error() {
      return make(newState({ type: "error", status: 0, guard: "immutable" }));
    }

    static redirect(url, status = 302) {
      atLeast(arguments, 1, "Response.redirect");
      const text = usvString(url);
      const code = unsignedShort(status);
      const parts = native.url.parse(text, shared.baseUrl());
      if (!parts) throw new TypeError(`Response.redirect: "${text}" is no URL`);
      if (!native.rules.isRedirectStatus(code)) throw new RangeError(`Response.redirect: ${code} is no redirect status`);
      return make(newState({ status: code, list: ["Location", parts[HREF]], guard: "immutable" }));
    }

    static json(data, init = {}) {
      atLeast(arguments, 1, "Response.json");
      const members = responseInit(init);
      const text = JSON.stringify(data);
      if (text === undefined) throw new TypeError("Response.json: the value has no JSON");
      const bytes = shared.utf8Encode(text);
      return make(initialize(members, { bytes, stream: null, type: "application/json", source: bytes }));
    }

    get type() {
      return this.#it.type;
    }

    get url() {
      return this.#it.url;
    }

    get redirected() {
      return this.#it.redirected;
    }

    get status() {
      return this.#it.status;
    }

    get ok() {
      return native.rules.isOkStatus(this.#it.status);
    }

    get statusText() {
      return this.#it.statusText;
    }

    get headers() {
      return headers.of(this.#it);
    }

    clone() {
      const it = this.#it;
      if (bodies.isUnusable(it.body)) throw new TypeError("Response.clone: the body is locked or was read already");
      return make({ ...it, list: headers.list(it), headers: null, body: bodies.clone(it.body) });
    }

    static {
      bodies.mixin(this, stateOf);
    }
  }

  // A response record of the network and its body, or null.
  shared.responseOf = ({ type, url, redirected, status, statusText, headers: list }, body) =>
    make(newState({ type, url, redirected, status, statusText, list, guard: "immutable", body }));
  shared.Response = Response;
};
