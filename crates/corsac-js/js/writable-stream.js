// WritableStream, its writer and its controller. Records, as in readable-stream.js.
(native, shared) => {
  const { atLeast, dictionary } = shared.idl;
  const { deferred, invoke, isObject, method, quiet, highWaterMark } = shared.streams;

  const KEY = Symbol("made here");
  let streamOf, makeController, makeStream;

  const newStream = () => ({
    state: "writable", error: undefined, writer: null, controller: null,
    // Each entry settles one write; `closing` is the close that was asked for.
    writes: [], inFlight: null, closing: null, closeInFlight: false, abort: null, backpressure: false,
  });

  const newController = (stream, { start, write, close, abort }, mark, size) => {
    const controller = { stream, write, close, abort, mark, size, queue: [], total: 0, started: false, abortController: new shared.AbortController() };
    stream.controller = controller;
    controller.face = makeController(controller);
    updateBackpressure(stream);
    const began = start?.(controller.face);
    Promise.resolve(began).then(
      () => {
        controller.started = true;
        advance(controller);
      },
      (error) => {
        controller.started = true;
        startErroring(stream, error);
        finishErroringIfIdle(stream);
      },
    );
    return controller;
  };

  const isClosing = (stream) => stream.closing !== null;
  const desiredSize = ({ state, controller }) =>
    state === "errored" || state === "erroring" ? null : state === "closed" ? 0 : controller.mark - controller.total;

  const updateBackpressure = (stream) => {
    const backpressure = stream.controller.mark - stream.controller.total <= 0;
    if (backpressure === stream.backpressure) return;
    stream.backpressure = backpressure;
    if (!stream.writer || isClosing(stream)) return;
    if (backpressure) stream.writer.ready = pending();
    else stream.writer.ready.resolve();
  };

  const pending = () => {
    const it = deferred();
    quiet(it.promise);
    return it;
  };

  const rejectReady = (writer, error) => {
    // Resolved already or not: from now on it is rejected.
    writer.ready.reject(error);
    writer.ready = pending();
    writer.ready.reject(error);
  };

  const startErroring = (stream, error) => {
    if (stream.state !== "writable") return;
    stream.state = "erroring";
    stream.error = error;
    if (stream.writer) rejectReady(stream.writer, error);
    finishErroringIfIdle(stream);
  };

  const finishErroringIfIdle = (stream) => {
    if (stream.state !== "erroring" || stream.inFlight || stream.closeInFlight || !stream.controller.started) return;
    const { controller, error } = stream;
    stream.state = "errored";
    controller.queue = [];
    controller.total = 0;
    for (const write of stream.writes.splice(0)) write.reject(error);
    const { abort } = stream;
    stream.abort = null;
    const call = controller.abort;
    clear(controller);
    if (!abort) return rejectClosed(stream);
    if (abort.wasErroring) {
      abort.reject(error);
      return rejectClosed(stream);
    }
    invoke(call, abort.reason).then(
      () => {
        abort.resolve();
        rejectClosed(stream);
      },
      (reason) => {
        abort.reject(reason);
        rejectClosed(stream);
      },
    );
  };

  const clear = (controller) => {
    controller.write = controller.close = controller.abort = controller.size = undefined;
  };

  const rejectClosed = (stream) => {
    if (stream.closing && !stream.closeInFlight) {
      stream.closing.reject(stream.error);
      stream.closing = null;
    }
    stream.writer?.closed.reject(stream.error);
  };

  // One write at a time; the close comes after the last.
  const advance = (controller) => {
    const { stream } = controller;
    if (!controller.started || stream.inFlight || stream.closeInFlight) return;
    if (stream.state === "erroring") return finishErroringIfIdle(stream);
    if (stream.state !== "writable") return;
    if (controller.queue.length > 0) {
      const [{ chunk }] = controller.queue;
      stream.inFlight = stream.writes.shift();
      invoke(controller.write, chunk, controller.face).then(
        () => {
          stream.inFlight.resolve();
          stream.inFlight = null;
          const { size } = controller.queue.shift() ?? { size: 0 };
          controller.total = Math.max(0, controller.total - size);
          if (stream.state === "writable") updateBackpressure(stream);
          advance(controller);
        },
        (error) => {
          stream.inFlight.reject(error);
          stream.inFlight = null;
          dealWith(stream, error);
        },
      );
    } else if (isClosing(stream)) {
      stream.closeInFlight = true;
      const call = controller.close;
      clear(controller);
      invoke(call).then(
        () => {
          stream.closeInFlight = false;
          stream.closing.resolve();
          stream.closing = null;
          // An abort that came too late has nothing left to do.
          stream.abort?.resolve();
          stream.abort = null;
          stream.error = undefined;
          stream.state = "closed";
          stream.writer?.closed.resolve();
        },
        (error) => {
          stream.closeInFlight = false;
          stream.closing.reject(error);
          stream.closing = null;
          stream.abort?.reject(error);
          stream.abort = null;
          dealWith(stream, error);
        },
      );
    }
  };

  const dealWith = (stream, error) => {
    if (stream.state === "writable") startErroring(stream, error);
    else finishErroringIfIdle(stream);
  };

  const write = (stream, chunk) => {
    const { controller } = stream;
    let size = 1;
    if (controller.size) {
      try {
        size = Number(controller.size(chunk));
        if (!(size >= 0 && size < Infinity)) throw new RangeError("The size of a chunk is a finite number from 0 on");
      } catch (error) {
        startErroring(stream, error);
      }
    }
    if (stream.state === "errored" || stream.state === "erroring") return Promise.reject(stream.error);
    if (isClosing(stream) || stream.state === "closed") return Promise.reject(new TypeError("The stream is closed or about to be"));
    const settle = deferred();
    stream.writes.push(settle);
    controller.queue.push({ chunk, size });
    controller.total += size;
    updateBackpressure(stream);
    advance(controller);
    return settle.promise;
  };

  const close = (stream) => {
    if (stream.state === "closed" || stream.state === "errored") return Promise.reject(new TypeError("The stream is closed or broken"));
    if (isClosing(stream)) return Promise.reject(new TypeError("The stream is about to be closed"));
    const settle = deferred();
    stream.closing = settle;
    if (stream.writer && stream.backpressure && stream.state === "writable") stream.writer.ready.resolve();
    advance(stream.controller);
    return settle.promise;
  };

  const abort = (stream, reason) => {
    if (stream.state === "closed" || stream.state === "errored") return Promise.resolve();
    stream.controller.abortController.abort(reason);
    if (stream.state === "closed" || stream.state === "errored") return Promise.resolve();
    if (stream.abort) return stream.abort.promise;
    const wasErroring = stream.state === "erroring";
    stream.abort = { ...deferred(), reason: wasErroring ? undefined : reason, wasErroring };
    const { promise } = stream.abort;
    if (!wasErroring) startErroring(stream, reason);
    return promise;
  };

  const acquire = (stream) => {
    if (stream.writer) throw new TypeError("The stream is locked to a writer");
    const writer = { stream, ready: pending(), closed: pending() };
    stream.writer = writer;
    const { state, error } = stream;
    if (state === "errored" || state === "erroring") writer.ready.reject(error);
    else if (state === "closed" || isClosing(stream) || !stream.backpressure) writer.ready.resolve();
    if (state === "closed") writer.closed.resolve();
    if (state === "errored") writer.closed.reject(error);
    return writer;
  };

  const release = (writer) => {
    const { stream } = writer;
    if (!stream) return;
    const error = new TypeError("The writer was released");
    rejectReady(writer, error);
    writer.closed.reject(error);
    writer.closed = pending();
    writer.closed.reject(error);
    stream.writer = null;
    writer.stream = null;
  };

  class WritableStreamDefaultController {
    #it;

    static {
      makeController = (it) => new this(KEY, it);
    }

    constructor(key, it) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      this.#it = it;
    }

    get signal() {
      return this.#it.abortController.signal;
    }

    error(reason = undefined) {
      startErroring(this.#it.stream, reason);
    }
  }

  class WritableStreamDefaultWriter {
    #it;

    constructor(stream) {
      atLeast(arguments, 1, "WritableStreamDefaultWriter constructor");
      this.#it = acquire(streamOf(stream));
    }

    #stream() {
      if (!this.#it.stream) throw new TypeError("The writer was released");
      return this.#it.stream;
    }

    get closed() {
      return #it in this ? this.#it.closed.promise : Promise.reject(new TypeError("Not a writer"));
    }

    get ready() {
      return #it in this ? this.#it.ready.promise : Promise.reject(new TypeError("Not a writer"));
    }

    get desiredSize() {
      return desiredSize(this.#stream());
    }

    async abort(reason = undefined) {
      return abort(this.#stream(), reason);
    }

    async close() {
      return close(this.#stream());
    }

    async write(chunk = undefined) {
      return write(this.#stream(), chunk);
    }

    releaseLock() {
      release(this.#it);
    }
  }

  class WritableStream {
    #it;

    static {
      makeStream = (it) => {
        const stream = new this(KEY);
        stream.#it = it;
        return stream;
      };
      streamOf = (stream) => {
        if (!isObject(stream) || !(#it in stream)) throw new TypeError("Not a WritableStream");
        return stream.#it;
      };
    }

    constructor(underlyingSink = {}, strategy = {}) {
      if (underlyingSink === KEY) return;
      if (!isObject(underlyingSink)) throw new TypeError("WritableStream: the sink is an object");
      const given = dictionary(strategy, "QueuingStrategy");
      if (underlyingSink.type !== undefined) throw new RangeError("WritableStream: a sink has no type");
      const sink = {};
      for (const name of ["start", "write", "close", "abort"]) sink[name] = method(underlyingSink, name);
      const size = method(given, "size");
      this.#it = newStream();
      newController(this.#it, sink, highWaterMark(given, 1), size);
    }

    get locked() {
      return this.#it.writer !== null;
    }

    async abort(reason = undefined) {
      if (this.#it.writer) throw new TypeError("The stream is locked to a writer");
      return abort(this.#it, reason);
    }

    async close() {
      if (this.#it.writer) throw new TypeError("The stream is locked to a writer");
      return close(this.#it);
    }

    getWriter() {
      return new WritableStreamDefaultWriter(this);
    }
  }

  shared.streams.writable = {
    abort, acquire, close, desiredSize, isClosing, makeStream, newController, newStream, release, startErroring, streamOf, write,
  };
  Object.assign(shared, { WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController });
};
