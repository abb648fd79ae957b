// TransformStream, and the encoders and decoders that are one.
(native, shared) => {
  const { dictionary, usvString } = shared.idl;
  const { streams } = shared;
  const { deferred, invoke, isObject, method, highWaterMark } = streams;
  const { writable: sinks } = streams;

  const KEY = Symbol("made here");
  let makeController;

  // The two ends of a transformer { start, transform, flush, cancel }.
  const connect = (transformer, writableStrategy, readableStrategy) => {
    const readable = streams.newStream();
    const writable = sinks.newStream();
    const it = { readable, writable, flowing: deferred(), blocked: true, done: false };
    const begun = deferred();

    const unblock = () => {
      it.blocked = false;
      it.flowing.resolve();
    };
    const block = () => {
      if (it.blocked) return;
      it.blocked = true;
      it.flowing = deferred();
    };
    it.fail = (error) => {
      streams.fail(readable.controller, error);
      sinks.startErroring(writable, error);
      unblock();
    };
    it.enqueue = (chunk) => {
      if (readable.state !== "readable" || readable.controller.closeRequested) throw new TypeError("The readable side takes no more chunks");
      try {
        streams.enqueue(readable.controller, chunk);
      } catch (error) {
        it.fail(error);
        throw error;
      }
      if (streams.desiredSize(readable.controller) <= 0 && !(readable.reader?.requests.length > 0)) block();
    };
    it.terminate = () => {
      if (readable.state === "readable" && !readable.controller.closeRequested) streams.close(readable.controller);
      const error = new TypeError("The readable side was terminated");
      sinks.startErroring(writable, error);
      unblock();
    };

    const controller = makeController(it);
    const end = async (reason, thrown) => {
      if (it.done) return;
      it.done = true;
      try {
        await transformer.cancel?.(reason);
      } catch (error) {
        thrown(error);
        throw error;
      }
    };
    const sink = {
      __proto__: null,
      start: () => begun.promise,
      write: async (chunk) => {
        if (it.blocked) await it.flowing.promise;
        if (writable.state === "erroring") throw writable.error;
        try {
          if (transformer.transform) await transformer.transform(chunk, controller);
          else it.enqueue(chunk);
        } catch (error) {
          it.fail(error);
          throw error;
        }
      },
      close: async () => {
        if (it.done) return;
        it.done = true;
        try {
          await transformer.flush?.(controller);
        } catch (error) {
          it.fail(error);
          throw error;
        }
        if (readable.state === "errored") throw readable.error;
        if (readable.state === "readable" && !readable.controller.closeRequested) streams.close(readable.controller);
      },
      abort: async (reason) => {
        await end(reason, (error) => streams.fail(readable.controller, error));
        streams.fail(readable.controller, reason);
      },
    };
    const source = {
      __proto__: null,
      start: () => begun.promise,
      pull: () => unblock(),
      cancel: async (reason) => {
        await end(reason, (error) => sinks.startErroring(writable, error));
        sinks.startErroring(writable, reason);
        unblock();
      },
    };
    sinks.newController(writable, sink, writableStrategy.mark, writableStrategy.size);
    streams.newController(readable, source, readableStrategy.mark, readableStrategy.size);
    invoke(() => transformer.start?.(controller)).then(begun.resolve, begun.reject);
    return { readable: streams.makeStream(readable), writable: sinks.makeStream(writable) };
  };

  class TransformStreamDefaultController {
    #it;

    static {
      makeController = (it) => new this(KEY, it);
    }

    constructor(key, it) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      this.#it = it;
    }

    get desiredSize() {
      return streams.desiredSize(this.#it.readable.controller);
    }

    enqueue(chunk = undefined) {
      this.#it.enqueue(chunk);
    }

    error(reason = undefined) {
      this.#it.fail(reason);
    }

    terminate() {
      this.#it.terminate();
    }
  }

  const strategy = (value, fallback) => {
    const given = dictionary(value, "QueuingStrategy");
    return { mark: highWaterMark(given, fallback), size: method(given, "size") };
  };

  class TransformStream {
    #ends;

    constructor(transformer = {}, writableStrategy = {}, readableStrategy = {}) {
      if (!isObject(transformer)) throw new TypeError("TransformStream: the transformer is an object");
      if (transformer.readableType !== undefined || transformer.writableType !== undefined) {
        throw new RangeError("TransformStream: there are no types of it");
      }
      const calls = {};
      for (const name of ["start", "transform", "flush", "cancel"]) calls[name] = method(transformer, name);
      this.#ends = connect(calls, strategy(writableStrategy, 1), strategy(readableStrategy, 0));
    }

    get readable() {
      return this.#ends.readable;
    }

    get writable() {
      return this.#ends.writable;
    }
  }

  const once = { mark: 1, size: undefined };
  const none = { mark: 0, size: undefined };

  class TextEncoderStream {
    #ends;

    constructor() {
      // A high surrogate waits for the low one that the next chunk may begin with.
      let high = "";
      this.#ends = connect(
        {
          transform: (chunk, controller) => {
            let text = high + `${chunk}`;
            high = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
            if (high) text = text.slice(0, -1);
            if (text) controller.enqueue(shared.utf8Encode(usvString(text)));
          },
          flush: (controller) => {
            if (high) controller.enqueue(shared.utf8Encode("\ufffd"));
          },
        },
        once,
        none,
      );
    }

    get encoding() {
      this.#ends;
      return "utf-8";
    }

    get readable() {
      return this.#ends.readable;
    }

    get writable() {
      return this.#ends.writable;
    }
  }

  class TextDecoderStream {
    #decoder;
    #ends;

    constructor(label = "utf-8", options = {}) {
      const decoder = new shared.TextDecoder(label, options);
      this.#decoder = decoder;
      const decode = shared.TextDecoder.prototype.decode;
      this.#ends = connect(
        {
          transform: (chunk, controller) => {
            const text = Reflect.apply(decode, decoder, [shared.bytesOf(chunk, "TextDecoderStream"), { stream: true }]);
            if (text) controller.enqueue(text);
          },
          flush: (controller) => {
            const text = Reflect.apply(decode, decoder, []);
            if (text) controller.enqueue(text);
          },
        },
        once,
        none,
      );
    }

    get encoding() {
      return this.#decoder.encoding;
    }

    get fatal() {
      return this.#decoder.fatal;
    }

    get ignoreBOM() {
      return this.#decoder.ignoreBOM;
    }

    get readable() {
      return this.#ends.readable;
    }

    get writable() {
      return this.#ends.writable;
    }
  }

  Object.assign(shared, { TransformStream, TransformStreamDefaultController, TextEncoderStream, TextDecoderStream });
};
