// Event, CustomEvent, ProgressEvent and EventTarget. There is no tree: an event meets its target only.
(native, shared) => {
  const { atLeast, dictionary, domString } = shared.idl;

  const isObject = (value) => typeof value === "object" && value !== null || typeof value === "function";

  let stateOf;

  class Event {
    #it;

    static {
      stateOf = (event) => event.#it;
    }

    constructor(type, eventInitDict = {}) {
      atLeast(arguments, 1, "Event constructor");
      const name = domString(type);
      const given = dictionary(eventInitDict, "EventInit");
      this.#it = {
        type: name,
        bubbles: Boolean(given.bubbles),
        cancelable: Boolean(given.cancelable),
        composed: Boolean(given.composed),
        target: null, current: null, phase: 0,
        dispatching: false, stopped: false, stoppedNow: false, canceled: false, passive: false, trusted: false,
        time: performance.now(),
      };
    }

    get type() {
      return this.#it.type;
    }

    get target() {
      return this.#it.target;
    }

    get srcElement() {
      return this.#it.target;
    }

    get currentTarget() {
      return this.#it.current;
    }

    get eventPhase() {
      return this.#it.phase;
    }

    get bubbles() {
      return this.#it.bubbles;
    }

    get cancelable() {
      return this.#it.cancelable;
    }

    get composed() {
      return this.#it.composed;
    }

    get defaultPrevented() {
      return this.#it.canceled;
    }

    get timeStamp() {
      return this.#it.time;
    }

    get isTrusted() {
      return this.#it.trusted;
    }

    get cancelBubble() {
      return this.#it.stopped;
    }

    set cancelBubble(value) {
      if (value) this.#it.stopped = true;
    }

    get returnValue() {
      return !this.#it.canceled;
    }

    set returnValue(value) {
      if (!value) this.#cancel();
    }

    composedPath() {
      return this.#it.current === null ? [] : [this.#it.current];
    }

    stopPropagation() {
      this.#it.stopped = true;
    }

    stopImmediatePropagation() {
      this.#it.stopped = true;
      this.#it.stoppedNow = true;
    }

    preventDefault() {
      this.#cancel();
    }

    initEvent(type, bubbles = false, cancelable = false) {
      atLeast(arguments, 1, "Event.initEvent");
      const it = this.#it;
      if (it.dispatching) return;
      Object.assign(it, { type: domString(type), bubbles: Boolean(bubbles), cancelable: Boolean(cancelable) });
      Object.assign(it, { stopped: false, stoppedNow: false, canceled: false, trusted: false, target: null });
    }

    #cancel() {
      if (this.#it.cancelable && !this.#it.passive) this.#it.canceled = true;
    }

    static {
      for (const [name, value] of Object.entries({ NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 })) {
        for (const place of [this, this.prototype]) Object.defineProperty(place, name, { value, enumerable: true });
      }
    }
  }

  class CustomEvent extends Event {
    #detail;

    constructor(type, eventInitDict = {}) {
      super(type, eventInitDict);
      this.#detail = dictionary(eventInitDict).detail ?? null;
    }

    get detail() {
      return this.#detail;
    }
  }

  // unsigned long long
  const count = (value) => {
    const number = Math.trunc(Number(value)) + 0;
    if (number >= 0 && number <= Number.MAX_SAFE_INTEGER) return number;
    return Number.isFinite(number) ? Number(BigInt.asUintN(64, BigInt(number))) : 0;
  };

  class ProgressEvent extends Event {
    #lengthComputable;
    #loaded;
    #total;

    constructor(type, eventInitDict = {}) {
      super(type, eventInitDict);
      const given = dictionary(eventInitDict, "ProgressEventInit");
      this.#lengthComputable = Boolean(given.lengthComputable);
      this.#loaded = given.loaded === undefined ? 0 : count(given.loaded);
      this.#total = given.total === undefined ? 0 : count(given.total);
    }

    get lengthComputable() {
      return this.#lengthComputable;
    }

    get loaded() {
      return this.#loaded;
    }

    get total() {
      return this.#total;
    }
  }

  let listenersOf;
  // The global object is an event target that no constructor made.
  const adopted = new WeakMap();

  // In the order in which they were added; each carries `removed`, which a running dispatch looks at.
  class EventTarget {
    #listeners = [];

    static {
      listenersOf = (target) => (#listeners in target ? target.#listeners : adopted.get(target) ?? target.#listeners);
    }

    addEventListener(type, callback, options = {}) {
      const list = listenersOf(this ?? globalThis.self);
      atLeast(arguments, 2, "EventTarget.addEventListener");
      const name = domString(type);
      const { capture, once, passive, signal } = flags(options);
      if (signal !== undefined && !(signal instanceof shared.AbortSignal)) throw new TypeError("addEventListener: the signal is no AbortSignal");
      if (callback === null || callback === undefined) return;
      if (!isObject(callback)) throw new TypeError("addEventListener: the listener is no object");
      if (signal?.aborted) return;
      if (list.some((it) => it.type === name && it.callback === callback && it.capture === capture)) return;
      const listener = { type: name, callback, capture, once, passive, removed: false };
      list.push(listener);
      if (signal) shared.onAbort(signal, () => remove(list, listener));
    }

    removeEventListener(type, callback, options = {}) {
      const list = listenersOf(this ?? globalThis.self);
      atLeast(arguments, 2, "EventTarget.removeEventListener");
      const name = domString(type);
      const { capture } = flags(options);
      const listener = list.find((it) => it.type === name && it.callback === callback && it.capture === capture);
      if (listener) remove(list, listener);
    }

    dispatchEvent(event) {
      const target = this ?? globalThis.self;
      listenersOf(target);
      atLeast(arguments, 1, "EventTarget.dispatchEvent");
      if (!(event instanceof Event)) throw new TypeError("dispatchEvent: not an Event");
      const it = stateOf(event);
      if (it.dispatching) throw new shared.DOMException("The event is being dispatched already", "InvalidStateError");
      it.trusted = false;
      return dispatch(target, event);
    }
  }

  const flags = (options) => {
    if (!isObject(options)) return { capture: Boolean(options), once: false, passive: false, signal: undefined };
    const { capture, once, passive, signal } = options;
    return { capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), signal };
  };

  const remove = (list, listener) => {
    listener.removed = true;
    const index = list.indexOf(listener);
    if (index !== -1) list.splice(index, 1);
  };

  const dispatch = (target, event) => {
    const it = stateOf(event);
    it.dispatching = true;
    it.target = target;
    it.current = target;
    it.phase = 2;
    const list = listenersOf(target);
    // A snapshot: who is added meanwhile waits for the next event.
    const snapshot = list.filter((listener) => listener.type === it.type);
    // Capturing listeners come first.
    if (snapshot.some(({ capture }) => capture)) snapshot.sort((a, b) => b.capture - a.capture);
    for (const listener of snapshot) {
      if (listener.removed) continue;
      if (it.stoppedNow) break;
      if (listener.once) remove(list, listener);
      it.passive = listener.passive;
      try {
        call(listener.callback, target, event);
      } catch (error) {
        shared.reportError(error);
      }
      it.passive = false;
    }
    it.dispatching = false;
    it.current = null;
    it.phase = 0;
    it.stopped = false;
    it.stoppedNow = false;
    return !it.canceled;
  };

  const call = (callback, target, event) => {
    if (typeof callback === "function") return Reflect.apply(callback, target, [event]);
    const { handleEvent } = callback;
    if (typeof handleEvent !== "function") throw new TypeError("The listener has no handleEvent()");
    return Reflect.apply(handleEvent, callback, [event]);
  };

  // onload and its like: the handler has the place in the order at which it was first set.
  shared.idl.eventHandlers = (Class, names) => {
    const handlers = new WeakMap();
    for (const name of names) {
      const key = `on${name}`;
      const attribute = {
        get [key]() {
          listenersOf(this);
          return handlers.get(this)?.[name]?.value ?? null;
        },
        set [key](given) {
          const list = listenersOf(this);
          const value = isObject(given) ? given : null;
          const own = handlers.get(this) ?? {};
          handlers.set(this, own);
          const handler = own[name];
          if (handler) {
            if (value === null) {
              remove(list, handler.listener);
              delete own[name];
            } else {
              handler.value = value;
            }
          } else if (value !== null) {
            const made = { value };
            const callback = function (event) {
              if (typeof made.value !== "function") return;
              if (Reflect.apply(made.value, this, [event]) === false) event.preventDefault();
            };
            made.listener = { type: name, callback, capture: false, once: false, passive: false, removed: false };
            own[name] = made;
            list.push(made.listener);
          }
        },
      };
      const { get, set } = Object.getOwnPropertyDescriptor(attribute, key);
      Object.defineProperty(Class.prototype, key, { get, set, enumerable: true, configurable: true });
    }
  };

  // An event of our own making is trusted.
  shared.fire = (target, event) => {
    stateOf(event).trusted = true;
    return dispatch(target, event);
  };
  shared.adopt = (object) => adopted.set(object, []);
  shared.hasListeners = (target) => listenersOf(target).length > 0;
  shared.hasListenersOf = (target, type) => {
    for (const listener of listenersOf(target)) if (listener.type === type) return true;
    return false;
  };
  shared.reportError ??= () => {};
  Object.assign(shared, { Event, CustomEvent, ProgressEvent, EventTarget });
};
