// XMLHttpRequest.
// Source: https://xhr.spec.whatwg.org/
(native, shared) => {
  const { atLeast, byteString, usvString, domString, eventHandlers } = shared.idl;
  const { headers, mime, rules } = native;
  const { DOMException } = shared;
  const KEY = Symbol("made here");

  const UNSENT = 0, OPENED = 1, HEADERS_RECEIVED = 2, LOADING = 3, DONE = 4;
  const STATES = { UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE };
  const RESPONSE_TYPES = ["", "arraybuffer", "blob", "document", "json", "text"];

  // How long a body's parts are told together, in milliseconds.
  const INTERVAL = 50;

  // What a request has before its response, and after an error.
  const NETWORK_ERROR = Object.freeze({ type: "error", url: "", status: 0, statusText: "", headers: Object.freeze([]), hasBody: false });

  class XMLHttpRequestEventTarget extends shared.EventTarget {
    constructor(key) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      super();
    }

    static {
      eventHandlers(this, ["loadstart", "progress", "abort", "error", "load", "timeout", "loadend"]);
    }
  }

  class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {}

  // Nobody can tell an event that nobody hears.
  const fire = (target, type) => {
    if (shared.hasListenersOf(target, type)) shared.fire(target, new shared.Event(type));
  };
  const fireProgress = (target, type, loaded, total) => {
    if (!shared.hasListenersOf(target, type)) return;
    shared.fire(target, new shared.ProgressEvent(type, { lengthComputable: total !== 0, loaded, total }));
  };

  const invalidState = (why) => new DOMException(why, "InvalidStateError");
  const invalidAccess = (why) => new DOMException(why, "InvalidAccessError");

  const parameter = (type, name) => {
    const { parameters } = type;
    for (let at = 0; at < parameters.length; at += 2) if (parameters[at] === name) return parameters[at + 1];
    return null;
  };

  // "Extract a length", 0 for none.
  const lengthOf = ({ headers: list }) => {
    const value = headers.get(list, "content-length");
    if (value === null) return 0;
    if (/^\d+$/.test(value)) return Number(value);
    const [first, ...rest] = value.split(/[ \t]*,[ \t]*/);
    return /^\d+$/.test(first) && rest.every((other) => other === first) ? Number(first) : 0;
  };

  // Text that isn't UTF-8 by its author's words becomes so by ours.
  const withUtf8 = (list, body) => {
    const given = headers.get(list, "content-type");
    if (given === null || !(typeof body === "string" || body instanceof shared.URLSearchParams)) return list;
    const type = mime.parse(given);
    const charset = type && parameter(type, "charset");
    if (!charset || charset.toLowerCase() === "utf-8") return list;
    const parameters = type.parameters.map((part, at) => (at % 2 === 1 && type.parameters[at - 1] === "charset" ? "UTF-8" : part));
    return headers.set("none", list, "Content-Type", mime.serialize({ essence: type.essence, parameters }));
  };

  const isBodyObject = (body) =>
    body instanceof shared.Blob || body instanceof shared.FormData || body instanceof shared.URLSearchParams ||
    body instanceof ArrayBuffer || ArrayBuffer.isView(body);

  class XMLHttpRequest extends XMLHttpRequestEventTarget {
    #upload = new XMLHttpRequestUpload(KEY);
    #state = UNSENT;
    #sendInvoked = false;
    #timeout = 0;
    #crossOriginCredentials = false;
    #method = "";
    #url = "";
    #authorHeaders = [];
    #synchronous = false;
    #uploadComplete = false;
    #uploadListener = false;
    #response = NETWORK_ERROR;
    #received = new shared.ReceivedBody();
    // How much of it the latest progress event told of.
    #toldLength = -1;
    #responseType = "";
    // Undefined as long as nobody asked for it.
    #responseObject = undefined;
    #overrideMimeType = null;
    // Ends the fetch that is under way.
    #terminate = () => {};
    #began = 0;
    #timer = 0;

    constructor() {
      super(KEY);
    }

    get readyState() {
      return this.#state;
    }

    open(method, url, async = true, username = null, password = null) {
      atLeast(arguments, 2, "XMLHttpRequest.open");
      const isAsync = arguments.length < 3 || Boolean(async);
      const given = byteString(method);
      const text = usvString(url);
      const user = username === null ? null : usvString(username);
      const secret = password === null ? null : usvString(password);
      this.#state;
      if (!rules.isToken(given)) throw new DOMException(`"${given}" is no method`, "SyntaxError");
      if (rules.isForbiddenMethod(given)) throw new DOMException(`Script may not use the method ${given}`, "SecurityError");
      const parts = native.url.parse(text, shared.baseUrl());
      if (!parts) throw new DOMException(`"${text}" is no URL`, "SyntaxError");
      let [href] = parts;
      if (user !== null) [href] = native.url.set(href, "username", user);
      if (secret !== null) [href] = native.url.set(href, "password", secret);
      if (!isAsync && (this.#timeout !== 0 || this.#responseType !== "")) {
        throw invalidAccess("A synchronous request of a page has neither a timeout nor a responseType");
      }
      this.#end();
      this.#sendInvoked = false;
      this.#method = rules.normalizeMethod(given);
      this.#url = href;
      this.#authorHeaders = [];
      this.#synchronous = !isAsync;
      this.#uploadListener = false;
      this.#forget();
      if (this.#state !== OPENED) {
        this.#state = OPENED;
        fire(this, "readystatechange");
      }
    }

    setRequestHeader(name, value) {
      atLeast(arguments, 2, "XMLHttpRequest.setRequestHeader");
      const givenName = byteString(name);
      const normalized = rules.normalizeValue(byteString(value));
      this.#beforeSend("setRequestHeader()");
      try {
        headers.append("none", [], givenName, normalized);
      } catch (error) {
        throw new DOMException(error.message, "SyntaxError");
      }
      if (rules.isForbiddenRequestHeader(givenName, normalized)) return;
      this.#authorHeaders = headers.combine(this.#authorHeaders, givenName, normalized);
    }

    get timeout() {
      return this.#timeout;
    }

    set timeout(value) {
      const number = Number(value) >>> 0;
      if (this.#synchronous) throw invalidAccess("A synchronous request of a page has no timeout");
      this.#timeout = number;
      if (this.#sendInvoked) this.#startTimer();
    }

    get withCredentials() {
      return this.#crossOriginCredentials;
    }

    set withCredentials(value) {
      if (this.#state > OPENED || this.#sendInvoked) throw invalidState("withCredentials is set before send()");
      this.#crossOriginCredentials = Boolean(value);
    }

    get upload() {
      return this.#upload;
    }

    send(body = null) {
      const given = body === null || isBodyObject(body) ? body : usvString(body);
      this.#beforeSend("send()");
      const hasBody = given !== null && this.#method !== "GET" && this.#method !== "HEAD";
      let bytes = null;
      if (hasBody) {
        const extracted = shared.extractBody(given);
        bytes = extracted.bytes;
        if (headers.has(this.#authorHeaders, "content-type")) {
          this.#authorHeaders = withUtf8(this.#authorHeaders, given);
        } else if (extracted.type !== null) {
          this.#authorHeaders = headers.set("none", this.#authorHeaders, "Content-Type", extracted.type);
        }
      }
      this.#uploadListener = shared.hasListeners(this.#upload);
      this.#uploadComplete = bytes === null;
      this.#sendInvoked = true;
      if (this.#synchronous) this.#sendSync(bytes);
      else this.#sendAsync(bytes);
    }

    #request(bytes) {
      return {
        url: this.#url, method: this.#method, headers: this.#authorHeaders, mode: "cors",
        credentials: this.#crossOriginCredentials ? "include" : "same-origin",
        cache: "default", redirect: "follow", referrer: "client", referrerPolicy: "", integrity: "", keepalive: false,
        unsafeRequest: true, useCorsPreflight: this.#uploadListener, isXhr: true, body: bytes, isStream: false,
      };
    }

    #sendAsync(bytes) {
      // A listener may end this request, and begin another.
      const isOurs = this.#isOurs();
      fireProgress(this, "loadstart", 0, 0);
      const length = bytes?.length ?? 0;
      if (!this.#uploadComplete && this.#uploadListener) fireProgress(this.#upload, "loadstart", 0, length);
      if (!isOurs() || this.#state !== OPENED || !this.#sendInvoked) return;
      let total = 0;
      let told = -Infinity;
      this.#began = shared.now();
      this.#terminate = shared.network.start(this.#request(bytes), {
        uploaded: () => {
          this.#uploadComplete = true;
          if (!this.#uploadListener) return;
          fireProgress(this.#upload, "progress", length, length);
          fireProgress(this.#upload, "load", length, length);
          fireProgress(this.#upload, "loadend", length, length);
        },
        response: (response) => {
          this.#response = response;
          total = lengthOf(response);
          this.#state = HEADERS_RECEIVED;
          fire(this, "readystatechange");
        },
        chunk: (chunk) => {
          this.#received.push(chunk);
          const now = shared.now();
          if (now - told < INTERVAL) return;
          told = now;
          if (this.#state === HEADERS_RECEIVED) this.#state = LOADING;
          const { length: before } = this.#received;
          const isOurs = this.#isOurs();
          fire(this, "readystatechange");
          if (!isOurs()) return;
          this.#toldLength = before;
          fireProgress(this, "progress", before, total);
        },
        end: () => this.#handleEndOfBody(total),
        error: (reason) => this.#requestErrorSteps(reason === "timeout" ? "timeout" : "error"),
      });
      this.#startTimer();
    }

    // Says whether the request that was under way still is: a listener may have ended it.
    #isOurs() {
      const terminate = this.#terminate;
      return () => this.#terminate === terminate;
    }

    #sendSync(bytes) {
      const { error, response, body } = shared.network.sync(this.#request(bytes), this.#timeout);
      if (error !== null) {
        this.#state = DONE;
        this.#sendInvoked = false;
        this.#forget();
        if (error === "timeout") throw new DOMException("The request took too long", "TimeoutError");
        throw new DOMException(`Failed to load ${this.#url}`, "NetworkError");
      }
      this.#response = response;
      this.#received.push(body);
      this.#handleEndOfBody(lengthOf(response));
    }

    #handleEndOfBody(total) {
      const transmitted = this.#received.length;
      const isOurs = this.#isOurs();
      // No browser says the same twice, as the text of the Standard would.
      if (!this.#synchronous && this.#toldLength !== transmitted) fireProgress(this, "progress", transmitted, total);
      if (!isOurs()) return;
      this.#stopTimer();
      this.#state = DONE;
      this.#sendInvoked = false;
      fire(this, "readystatechange");
      // Whoever opens this anew in between hears of the old one no more.
      if (!isOurs() || this.#state !== DONE) return;
      fireProgress(this, "load", transmitted, total);
      if (!isOurs() || this.#state !== DONE) return;
      fireProgress(this, "loadend", transmitted, total);
    }

    #requestErrorSteps(event) {
      this.#end();
      this.#state = DONE;
      this.#sendInvoked = false;
      this.#forget();
      fire(this, "readystatechange");
      if (!this.#uploadComplete) {
        this.#uploadComplete = true;
        if (this.#uploadListener) {
          fireProgress(this.#upload, event, 0, 0);
          fireProgress(this.#upload, "loadend", 0, 0);
        }
      }
      fireProgress(this, event, 0, 0);
      fireProgress(this, "loadend", 0, 0);
    }

    abort() {
      const isUnderWay = (this.#state === OPENED && this.#sendInvoked) || this.#state === HEADERS_RECEIVED || this.#state === LOADING;
      if (isUnderWay) this.#requestErrorSteps("abort");
      if (this.#state === DONE) {
        this.#state = UNSENT;
        this.#forget();
      }
    }

    // Ends the fetch, and makes all that is under way for it find out.
    #end() {
      this.#stopTimer();
      const terminate = this.#terminate;
      this.#terminate = () => {};
      terminate();
    }

    #forget() {
      this.#response = NETWORK_ERROR;
      this.#received = new shared.ReceivedBody();
      this.#toldLength = -1;
      this.#responseObject = undefined;
    }

    #beforeSend(what) {
      if (this.#state !== OPENED || this.#sendInvoked) throw invalidState(`${what} comes after open() and before send()`);
    }

    // Measured from the start of the fetch, whenever it is set.
    #startTimer() {
      this.#stopTimer();
      if (this.#timeout === 0 || this.#synchronous) return;
      const left = this.#began + this.#timeout - shared.now();
      this.#timer = shared.setTimeout(() => this.#requestErrorSteps("timeout"), left);
    }

    #stopTimer() {
      if (this.#timer !== 0) shared.clearTimeout(this.#timer);
      this.#timer = 0;
    }

    get responseURL() {
      return this.#response.url;
    }

    get status() {
      return this.#response.status;
    }

    get statusText() {
      return this.#response.statusText;
    }

    getResponseHeader(name) {
      atLeast(arguments, 1, "XMLHttpRequest.getResponseHeader");
      const given = byteString(name);
      const { headers: list } = this.#response;
      return rules.isToken(given) ? headers.get(list, given) : null;
    }

    getAllResponseHeaders() {
      const sorted = headers.sorted(this.#response.headers);
      const lines = [];
      for (let at = 0; at < sorted.length; at += 2) lines.push([sorted[at].toUpperCase(), `${sorted[at]}: ${sorted[at + 1]}\r\n`]);
      // In the order of names in upper case, where "_" comes after letters.
      lines.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return lines.map(([, line]) => line).join("");
    }

    overrideMimeType(type) {
      atLeast(arguments, 1, "XMLHttpRequest.overrideMimeType");
      const given = domString(type);
      if (this.#state >= LOADING) throw invalidState("overrideMimeType() comes before the body");
      // What no byte says is for a type what DEL is: nothing that may stand in it.
      this.#overrideMimeType = mime.parse(given.replace(/[^\0-\xff]/g, "\x7f")) || { essence: "application/octet-stream", parameters: [] };
    }

    get responseType() {
      return this.#responseType;
    }

    set responseType(value) {
      const type = domString(value);
      this.#state;
      if (!RESPONSE_TYPES.includes(type)) return;
      if (this.#state >= LOADING) throw invalidState("responseType is set before the body comes");
      if (this.#synchronous) throw invalidAccess("A synchronous request of a page has no responseType");
      this.#responseType = type;
    }

    #responseMime() {
      return mime.extract(this.#response.headers) ?? { essence: "text/xml", parameters: [] };
    }

    #text() {
      if (!this.#response.hasBody) return "";
      const responseMime = this.#responseMime();
      const override = this.#overrideMimeType;
      const label = (override && parameter(override, "charset")) ?? parameter(responseMime, "charset");
      const encoding = label === null ? undefined : native.encoding.name(label);
      const isXml = /^(text|application)\/xml$|\+xml$/.test((override ?? responseMime).essence);
      return this.#received.text(encoding ?? null, this.#responseType === "" && isXml, this.#state === DONE);
    }

    get responseText() {
      if (this.#responseType !== "" && this.#responseType !== "text") throw invalidState(`There is no responseText of type "${this.#responseType}"`);
      return this.#state < LOADING ? "" : this.#text();
    }

    // There are no documents.
    get responseXML() {
      if (this.#responseType !== "" && this.#responseType !== "document") throw invalidState(`There is no responseXML of type "${this.#responseType}"`);
      return null;
    }

    get response() {
      if (this.#responseType === "" || this.#responseType === "text") return this.#state < LOADING ? "" : this.#text();
      if (this.#state !== DONE || this.#response === NETWORK_ERROR) return null;
      this.#responseObject ??= this.#makeResponseObject();
      return this.#responseObject;
    }

    #makeResponseObject() {
      switch (this.#responseType) {
        case "arraybuffer":
          return this.#received.bytes().slice().buffer;
        case "blob":
          return shared.blobOver(this.#received.bytes(), mime.serialize(this.#overrideMimeType ?? this.#responseMime()));
        case "json":
          if (!this.#response.hasBody) return null;
          try {
            return JSON.parse(shared.utf8Decode(this.#received.bytes()));
          } catch {
            return null;
          }
        default:
          return null;
      }
    }

    static {
      for (const [name, value] of Object.entries(STATES)) {
        for (const place of [this, this.prototype]) Object.defineProperty(place, name, { value, enumerable: true });
      }
      eventHandlers(this, ["readystatechange"]);
    }
  }

  Object.assign(shared, { XMLHttpRequestEventTarget, XMLHttpRequestUpload, XMLHttpRequest });
};
