// AbortController and AbortSignal.
(native, shared) => {
  const { atLeast } = shared.idl;
  const KEY = Symbol("made here");

  let make, abort, steps, follow, unfollow;

  class AbortSignal extends shared.EventTarget {
    #aborted = false;
    #reason = undefined;
    #steps = new Set();
    // Signals that follow this one. Those they follow follow nobody: a chain is flattened when it is made.
    #dependents = new Set();
    #sources = null;

    static {
      make = () => new this(KEY);
      steps = (signal) => signal.#steps;
      abort = (signal, reason) => {
        if (signal.#aborted) return;
        const why = reason === undefined ? new shared.DOMException("The operation was aborted", "AbortError") : reason;
        // All are aborted before anybody hears of it.
        const all = [signal];
        signal.#aborted = true;
        signal.#reason = why;
        for (const dependent of signal.#dependents) {
          if (dependent.#aborted) continue;
          dependent.#aborted = true;
          dependent.#reason = why;
          all.push(dependent);
        }
        signal.#dependents.clear();
        for (const one of all) {
          for (const step of one.#steps) step(why);
          one.#steps.clear();
          shared.fire(one, new shared.Event("abort"));
        }
      };
      follow = (signals) => {
        const result = make();
        const aborted = signals.find((signal) => signal.#aborted);
        if (aborted) {
          result.#aborted = true;
          result.#reason = aborted.#reason;
          return result;
        }
        result.#sources = new Set(signals.flatMap((signal) => (signal.#sources ? [...signal.#sources] : [signal])));
        for (const source of result.#sources) source.#dependents.add(result);
        return result;
      };
      unfollow = (dependent) => {
        for (const source of dependent.#sources ?? []) source.#dependents.delete(dependent);
      };
    }

    constructor(key) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      super();
    }

    static abort(reason = undefined) {
      const signal = make();
      signal.#aborted = true;
      signal.#reason = reason === undefined ? new shared.DOMException("The operation was aborted", "AbortError") : reason;
      return signal;
    }

    static timeout(milliseconds) {
      atLeast(arguments, 1, "AbortSignal.timeout");
      const delay = Number(milliseconds);
      if (!(delay >= 0 && delay <= Number.MAX_SAFE_INTEGER)) throw new TypeError("AbortSignal.timeout: not a number of milliseconds");
      const signal = make();
      shared.setTimeout(() => abort(signal, new shared.DOMException("The operation timed out", "TimeoutError")), Math.trunc(delay));
      return signal;
    }

    static any(signals) {
      atLeast(arguments, 1, "AbortSignal.any");
      const sources = [...signals];
      for (const source of sources) if (!(source instanceof AbortSignal)) throw new TypeError("AbortSignal.any: not an AbortSignal");
      return follow(sources);
    }

    get aborted() {
      return this.#aborted;
    }

    get reason() {
      return this.#reason;
    }

    throwIfAborted() {
      if (this.#aborted) throw this.#reason;
    }

    static {
      shared.idl.eventHandlers(this, ["abort"]);
    }
  }

  class AbortController {
    #signal = make();

    get signal() {
      return this.#signal;
    }

    abort(reason = undefined) {
      abort(this.#signal, reason);
    }
  }

  // Runs once when the signal is aborted; returns what takes that back.
  shared.onAbort = (signal, step) => {
    steps(signal).add(step);
    return () => steps(signal).delete(step);
  };
  // A signal that is aborted when one of `signals` is, and what ends that for one that nobody else has.
  shared.dependentSignal = follow;
  shared.unfollow = unfollow;
  Object.assign(shared, { AbortSignal, AbortController });
};
