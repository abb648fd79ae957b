// The global object of a page: an event target that knows where it is.
(native, shared) => {
  const { page } = native;
  const { atLeast, dictionary, domString, usvString } = shared.idl;
  const { Event, EventTarget } = shared;

  class ErrorEvent extends Event {
    #given;

    constructor(type, eventInitDict = {}) {
      super(type, eventInitDict);
      const { message = "", filename = "", lineno = 0, colno = 0, error } = dictionary(eventInitDict, "ErrorEventInit");
      this.#given = { message: domString(message), filename: usvString(filename), lineno: lineno >>> 0, colno: colno >>> 0, error };
    }

    get message() {
      return this.#given.message;
    }

    get filename() {
      return this.#given.filename;
    }

    get lineno() {
      return this.#given.lineno;
    }

    get colno() {
      return this.#given.colno;
    }

    get error() {
      return this.#given.error;
    }
  }

  class PromiseRejectionEvent extends Event {
    #promise;
    #reason;

    constructor(type, eventInitDict) {
      atLeast(arguments, 2, "PromiseRejectionEvent constructor");
      super(type, eventInitDict);
      const { promise, reason } = dictionary(eventInitDict, "PromiseRejectionEventInit");
      if (typeof promise !== "object" || promise === null) throw new TypeError("PromiseRejectionEvent: there is no promise");
      this.#promise = promise;
      this.#reason = reason;
    }

    get promise() {
      return this.#promise;
    }

    get reason() {
      return this.#reason;
    }
  }

  // Where an error was thrown, by the first line of its stack that names a place.
  const placeOf = (error) => {
    const place = /\(?([^\s()]+):(\d+):(\d+)\)?$/m.exec(typeof error?.stack === "string" ? error.stack : "");
    return place ? { filename: place[1], lineno: Number(place[2]), colno: Number(place[3]) } : {};
  };

  const said = (value) => {
    try {
      return value instanceof Error || value instanceof shared.DOMException ? `${value}` : typeof value === "string" ? value : shared.inspect(value);
    } catch {
      return "something that can't be shown";
    }
  };

  const stackOf = (value) => {
    try {
      return value instanceof Error && typeof value.stack === "string" ? value.stack.trimEnd() : "";
    } catch {
      return "";
    }
  };

  // Source: https://html.spec.whatwg.org/#report-an-exception
  let isReporting = false;
  shared.reportError = (error) => {
    const message = said(error);
    if (!isReporting) {
      isReporting = true;
      try {
        const event = new ErrorEvent("error", { message: `Uncaught ${message}`, ...placeOf(error), error, cancelable: true });
        if (!shared.fire(globalThis, event)) return;
      } finally {
        isReporting = false;
      }
    }
    page.reportError("exception", message, stackOf(error));
  };

  // Promises that were rejected and nobody listens to, until the end of the task.
  // Source: https://html.spec.whatwg.org/#unhandled-promise-rejections
  let waiting = [];
  const told = new WeakSet();
  shared.noteRejection = (promise, reason, isHandled) => {
    if (!isHandled) {
      waiting.push({ promise, reason });
      return;
    }
    const before = waiting.length;
    waiting = waiting.filter((it) => it.promise !== promise);
    if (before === waiting.length && told.delete(promise)) {
      shared.queueTask(() => shared.fire(globalThis, new PromiseRejectionEvent("rejectionhandled", { promise, reason })));
    }
  };
  shared.hostCalls.rejections = () => {
    const list = waiting;
    waiting = [];
    for (const { promise, reason } of list) {
      told.add(promise);
      const event = new PromiseRejectionEvent("unhandledrejection", { promise, reason, cancelable: true });
      if (!shared.fire(globalThis, event)) continue;
      page.reportError("rejection", said(reason), stackOf(reason));
    }
  };

  // A module's failure is an error of the page; the promise is nobody else's.
  shared.watchModule = (promise) => {
    promise.then(undefined, (error) => shared.reportError(error));
  };

  class Location {
    #parts = native.url.parse(shared.baseUrl(), null);
    #fragment = this.#parts[10];

    get href() {
      return this.#parts[0].split("#", 1)[0] + this.#fragment;
    }

    set href(value) {
      this.assign(value);
    }

    get origin() {
      return this.#parts[1];
    }

    get protocol() {
      return this.#parts[2];
    }

    get host() {
      return this.#parts[5];
    }

    get hostname() {
      return this.#parts[6];
    }

    get port() {
      return this.#parts[7];
    }

    get pathname() {
      return this.#parts[8];
    }

    get search() {
      return this.#parts[9];
    }

    get hash() {
      return this.#fragment;
    }

    set hash(value) {
      const text = usvString(value);
      this.#fragment = native.url.set(this.#parts[0], "hash", text)[10];
    }

    // A page here stays where it is.
    assign(url) {
      const to = native.url.parse(usvString(url), shared.baseUrl());
      if (!to) throw new shared.DOMException("Not a URL", "SyntaxError");
      if (to[0].split("#", 1)[0] === this.#parts[0].split("#", 1)[0]) this.#fragment = to[10];
      else shared.warn(`This page can't navigate, to ${to[0]} or elsewhere`);
    }

    replace(url) {
      this.assign(url);
    }

    reload() {
      shared.warn("This page can't be loaded again");
    }

    toString() {
      return this.href;
    }
  }
  const location = new Location();

  class Navigator {
    get userAgent() {
      return page.userAgent;
    }

    get language() {
      return this.languages[0];
    }

    get languages() {
      return Object.freeze(["en-US", "en"]);
    }

    get onLine() {
      return true;
    }

    get cookieEnabled() {
      return true;
    }
  }
  const navigator = new Navigator();

  class Window extends EventTarget {
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  }

  shared.adopt(globalThis);
  Object.setPrototypeOf(globalThis, Window.prototype);
  // The engine's own.
  delete globalThis[Symbol.toStringTag];
  // It miscounts who holds what is put there, and ends the process when the page is gone.
  delete Error.prepareStackTrace;
  delete Error.stackTraceLimit;

  const replaceable = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
  const fixed = (name, value) => Object.defineProperty(globalThis, name, { get: () => value, enumerable: true, configurable: false });
  fixed("window", globalThis);
  fixed("location", location);
  for (const name of ["self", "frames", "parent", "top"]) replaceable(name, globalThis);
  replaceable("origin", shared.origin());
  replaceable("isSecureContext", page.isSecureContext);
  replaceable("crossOriginIsolated", false);
  replaceable("name", "");
  replaceable("closed", false);
  replaceable("length", 0);
  replaceable("navigator", navigator);
  Object.defineProperty(globalThis, "console", { value: shared.console, writable: true, enumerable: false, configurable: true });
  for (const [name, value] of Object.entries(shared.windowFunctions)) replaceable(name, value);
  replaceable("reportError", function reportError(error) {
    atLeast(arguments, 1, "reportError");
    shared.reportError(error);
  });
  replaceable("btoa", function btoa(data) {
    atLeast(arguments, 1, "btoa");
    const text = domString(data);
    if (/[^\0-\xff]/.test(text)) throw new shared.DOMException("btoa: a character above U+00FF is no byte", "InvalidCharacterError");
    return native.base64.encode(text);
  });
  replaceable("atob", function atob(data) {
    atLeast(arguments, 1, "atob");
    const text = native.base64.decode(domString(data).replace(/[^\0-\xff]/g, "!"));
    if (text === null) throw new shared.DOMException("atob: not base64", "InvalidCharacterError");
    return text;
  });

  shared.idl.eventHandlers(Window, ["load", "unhandledrejection", "rejectionhandled", "online", "offline", "message", "pagehide", "pageshow"]);

  // onerror is told in five arguments, and handles an error by returning true.
  let onerror = null;
  let hasListener = false;
  Object.defineProperty(Window.prototype, "onerror", {
    get: () => onerror,
    set: (value) => {
      onerror = typeof value === "function" ? value : null;
      if (hasListener || onerror === null) return;
      hasListener = true;
      globalThis.addEventListener("error", (event) => {
        if (onerror === null) return;
        const handled = event instanceof ErrorEvent
          ? Reflect.apply(onerror, globalThis, [event.message, event.filename, event.lineno, event.colno, event.error]) === true
          : Reflect.apply(onerror, globalThis, [event]) === false;
        if (handled) event.preventDefault();
      });
    },
    enumerable: true,
    configurable: true,
  });

  shared.hostCalls.load = () => {
    shared.fire(globalThis, new Event("load"));
  };

  Object.assign(shared, { ErrorEvent, PromiseRejectionEvent, Location, Navigator, Window });
};
