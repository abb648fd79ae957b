// ReadableStream with its default and byte controllers and its two readers.
// What script holds are thin classes; what they act on are records, which other files reach
// through `shared.streams` and page script never does.
(native, shared) => {
  const { atLeast, dictionary, enumeration } = shared.idl;

  const isObject = (value) => typeof value === "object" && value !== null || typeof value === "function";
  const quiet = (promise) => {
    promise.catch(() => {});
    return promise;
  };
  const deferred = () => {
    const it = {};
    it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
    return it;
  };
  const method = (object, name) => {
    const value = object[name];
    if (value === undefined) return undefined;
    if (typeof value !== "function") throw new TypeError(`${name}: not a function`);
    return (...args) => Reflect.apply(value, object, args);
  };
  // What a source's method returns or throws, as a promise.
  const invoke = (call, ...args) => {
    try {
      return Promise.resolve(call?.(...args));
    } catch (error) {
      return Promise.reject(error);
    }
  };
  const highWaterMark = (strategy, fallback) => {
    if (strategy.highWaterMark === undefined) return fallback;
    const mark = Number(strategy.highWaterMark);
    if (Number.isNaN(mark) || mark < 0) throw new RangeError("highWaterMark: not a number from 0 on");
    return mark;
  };

  // Records.

  const newStream = () => ({ state: "readable", error: undefined, reader: null, disturbed: false, controller: null });

  const newController = (stream, { start, pull, cancel, type, autoAllocate }, mark, size) => {
    const controller = {
      stream, pull, cancel, size, mark, autoAllocate,
      bytes: type === "bytes",
      queue: [], total: 0, pendings: [], request: null,
      started: false, pulling: false, pullAgain: false, closeRequested: false, face: null,
    };
    stream.controller = controller;
    controller.face = controller.bytes ? makeByteController(controller) : makeDefaultController(controller);
    const began = start?.(controller.face);
    Promise.resolve(began).then(
      () => {
        controller.started = true;
        pullIfNeeded(controller);
      },
      (error) => fail(controller, error),
    );
    return controller;
  };

  const desiredSize = ({ stream, mark, total }) =>
    stream.state === "errored" ? null : stream.state === "closed" ? 0 : mark - total;

  const canEnqueue = ({ stream, closeRequested }) => stream.state === "readable" && !closeRequested;

  const shouldPull = (controller) => {
    if (!canEnqueue(controller) || !controller.started) return false;
    if (controller.stream.reader?.requests.length > 0 || controller.pendings.length > 0) return true;
    return desiredSize(controller) > 0;
  };

  const pullIfNeeded = (controller) => {
    if (!shouldPull(controller)) return;
    if (controller.pulling) {
      controller.pullAgain = true;
      return;
    }
    controller.pulling = true;
    invoke(controller.pull, controller.face).then(
      () => {
        controller.pulling = false;
        if (!controller.pullAgain) return;
        controller.pullAgain = false;
        pullIfNeeded(controller);
      },
      (error) => fail(controller, error),
    );
  };

  const clear = (controller) => {
    controller.queue = [];
    controller.total = 0;
    controller.pull = controller.cancel = controller.size = undefined;
  };

  const fail = (controller, error) => {
    const { stream } = controller;
    if (stream.state !== "readable") return;
    controller.pendings = [];
    clear(controller);
    stream.state = "errored";
    stream.error = error;
    const { reader } = stream;
    if (!reader) return;
    reader.closed.reject(error);
    const requests = reader.requests;
    reader.requests = [];
    for (const request of requests) request.error(error);
  };

  const finish = (stream) => {
    stream.state = "closed";
    const { reader } = stream;
    if (!reader) return;
    reader.closed.resolve();
    if (reader.byob) return;
    const requests = reader.requests;
    reader.requests = [];
    for (const request of requests) request.close();
  };

  const close = (controller) => {
    controller.closeRequested = true;
    if (controller.queue.length > 0) return;
    if (controller.pendings.some(({ filled, width }) => filled % width !== 0)) {
      const error = new TypeError("The stream ended inside an element");
      fail(controller, error);
      throw error;
    }
    const { stream } = controller;
    clear(controller);
    finish(stream);
  };

  const enqueue = (controller, chunk) => {
    const { stream } = controller;
    if (!canEnqueue(controller)) return;
    if (controller.bytes) return enqueueBytes(controller, chunk);
    if (stream.reader?.requests.length > 0) {
      stream.reader.requests.shift().chunk(chunk);
    } else {
      let size;
      try {
        size = controller.size ? Number(controller.size(chunk)) : 1;
        if (!(size >= 0 && size < Infinity)) throw new RangeError("The size of a chunk is a finite number from 0 on");
      } catch (error) {
        fail(controller, error);
        throw error;
      }
      controller.queue.push({ chunk, size });
      controller.total += size;
    }
    pullIfNeeded(controller);
  };

  // Byte streams: the queue holds Uint8Arrays, `pendings` the buffers that wait to be filled.

  const transfer = (buffer) => {
    if (typeof buffer.transfer === "function") return buffer.transfer();
    return buffer.slice();
  };

  const enqueueBytes = (controller, view) => {
    const { stream } = controller;
    // Asked for first: a view of a buffer that was handed over has no length.
    const { byteOffset, byteLength } = view;
    const chunk = new Uint8Array(transfer(view.buffer), byteOffset, byteLength);
    dropRequest(controller);
    // A buffer that was made for a plain read is not needed now.
    if (controller.pendings[0]?.automatic) controller.pendings.shift();
    const { reader } = stream;
    if (reader && !reader.byob && reader.requests.length > 0) {
      reader.requests.shift().chunk(chunk);
    } else {
      controller.queue.push({ chunk, size: chunk.length });
      controller.total += chunk.length;
      fillPendings(controller);
    }
    pullIfNeeded(controller);
  };

  const fill = (controller, pending) => {
    const target = new Uint8Array(pending.buffer, pending.offset, pending.length);
    while (controller.queue.length > 0 && pending.filled < pending.length) {
      const [head] = controller.queue;
      const part = head.chunk.subarray(0, pending.length - pending.filled);
      target.set(part, pending.filled);
      pending.filled += part.length;
      controller.total -= part.length;
      head.chunk = head.chunk.subarray(part.length);
      head.size = head.chunk.length;
      if (head.chunk.length === 0) controller.queue.shift();
    }
    return pending.filled >= pending.width;
  };

  const fillPendings = (controller) => {
    while (controller.pendings.length > 0 && controller.queue.length > 0) {
      const [pending] = controller.pendings;
      if (!fill(controller, pending)) return;
      controller.pendings.shift();
      deliver(controller, pending);
    }
  };

  // Bytes beyond a whole number of elements go back to the front of the queue.
  const deliver = (controller, pending) => {
    const rest = pending.filled % pending.width;
    if (rest > 0) {
      const end = pending.offset + pending.filled;
      const chunk = new Uint8Array(pending.buffer.slice(end - rest, end));
      controller.queue.unshift({ chunk, size: rest });
      controller.total += rest;
      pending.filled -= rest;
    }
    const { reader } = controller.stream;
    const view = new pending.kind(transfer(pending.buffer), pending.offset, pending.filled / pending.width);
    reader?.requests.shift()?.chunk(view);
  };

  const dropRequest = (controller) => {
    if (controller.request) invalidate(controller.request);
    controller.request = null;
  };

  const respond = (controller, count) => {
    const [pending] = controller.pendings;
    const { stream } = controller;
    if (stream.state === "closed") {
      if (count !== 0) throw new TypeError("The stream is closed: respond with 0");
    } else {
      if (count === 0) throw new TypeError("respond: 0 bytes are no answer while the stream is open");
      if (pending.filled + count > pending.length) throw new RangeError("respond: more bytes than there is room for");
    }
    dropRequest(controller);
    pending.buffer = transfer(pending.buffer);
    if (stream.state === "closed") {
      for (const closing of controller.pendings.splice(0)) {
        const view = new closing.kind(transfer(closing.buffer), closing.offset, 0);
        stream.reader?.requests.shift()?.close(view);
      }
      return;
    }
    pending.filled += count;
    if (pending.filled >= pending.width) {
      controller.pendings.shift();
      deliver(controller, pending);
      fillPendings(controller);
    }
    pullIfNeeded(controller);
  };

  // Reading.

  const read = (reader, request) => {
    const { stream } = reader;
    stream.disturbed = true;
    if (stream.state === "errored") return request.error(stream.error);
    if (stream.state === "closed") return request.close();
    const { controller } = stream;
    if (controller.queue.length > 0) {
      const { chunk, size } = controller.queue.shift();
      // Sizes may be fractions, whose sums err.
      controller.total = Math.max(0, controller.total - size);
      if (controller.closeRequested && controller.queue.length === 0) {
        clear(controller);
        finish(stream);
      } else {
        pullIfNeeded(controller);
      }
      return request.chunk(chunk);
    }
    if (controller.autoAllocate !== undefined) {
      const length = controller.autoAllocate;
      controller.pendings.push({ buffer: new ArrayBuffer(length), offset: 0, length, filled: 0, width: 1, kind: Uint8Array, automatic: true });
    }
    reader.requests.push(request);
    pullIfNeeded(controller);
  };

  const readInto = (reader, view, request) => {
    const { stream } = reader;
    stream.disturbed = true;
    const kind = view.constructor === DataView ? DataView : Object.getPrototypeOf(view).constructor;
    const width = view.BYTES_PER_ELEMENT ?? 1;
    const { byteOffset: offset, byteLength: length } = view;
    const buffer = transfer(view.buffer);
    if (stream.state === "errored") return request.error(stream.error);
    if (stream.state === "closed") return request.close(new kind(buffer, offset, 0));
    const { controller } = stream;
    const pending = { buffer, offset, length, filled: 0, width, kind, automatic: false };
    reader.requests.push(request);
    if (controller.pendings.length === 0 && fill(controller, pending)) {
      deliver(controller, pending);
      if (controller.closeRequested && controller.queue.length === 0) {
        clear(controller);
        finish(stream);
      } else {
        pullIfNeeded(controller);
      }
      return;
    }
    if (controller.closeRequested && pending.filled > 0) {
      reader.requests.pop();
      const error = new TypeError("The stream ended inside an element");
      fail(controller, error);
      return request.error(error);
    }
    controller.pendings.push(pending);
    pullIfNeeded(controller);
  };

  const cancel = (stream, reason) => {
    stream.disturbed = true;
    if (stream.state === "closed") return Promise.resolve();
    if (stream.state === "errored") return Promise.reject(stream.error);
    finish(stream);
    const { reader, controller } = stream;
    if (reader?.byob) {
      for (const request of reader.requests.splice(0)) request.close(undefined);
    }
    dropRequest(controller);
    controller.pendings = [];
    const call = controller.cancel;
    clear(controller);
    return invoke(call, reason).then(() => undefined);
  };

  const acquire = (stream, byob = false) => {
    if (stream.reader) throw new TypeError("The stream is locked to a reader");
    const reader = { stream, byob, requests: [], closed: deferred() };
    quiet(reader.closed.promise);
    stream.reader = reader;
    if (stream.state === "closed") reader.closed.resolve();
    if (stream.state === "errored") reader.closed.reject(stream.error);
    return reader;
  };

  const release = (reader) => {
    const { stream } = reader;
    if (!stream) return;
    const error = new TypeError("The reader was released");
    if (stream.state !== "readable") reader.closed = deferred();
    reader.closed.reject(error);
    quiet(reader.closed.promise);
    stream.reader = null;
    reader.stream = null;
    // A buffer that a reader lent stays with the source, for whoever reads next.
    stream.controller.pendings = stream.controller.pendings.filter((pending) => pending.automatic);
    for (const request of reader.requests.splice(0)) request.error(error);
  };

  // Bodies are cloned with `clonesForSecond`: the second branch then gets chunks of its own.
  const tee = (stream, clonesForSecond = false) => {
    const reader = acquire(stream);
    const cancelled = deferred();
    const branches = [];
    let reading = false;
    let again = false;
    const pull = () => {
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      read(reader, {
        // Later, so that what the chunk's arrival set off is seen by both branches.
        chunk: (chunk) =>
          queueMicrotask(() => {
            again = false;
            // A byte stream takes the buffer away from whoever enqueues it: the second branch needs its own.
            let copy = stream.controller.bytes ? chunk.slice() : chunk;
            if (clonesForSecond && !stream.controller.bytes && !branches[1].gone) {
              try {
                copy = shared.structuredClone(chunk);
              } catch (error) {
                for (const side of branches) fail(side.controller, error);
                quiet(cancelled.promise);
                cancel(stream, error).then(cancelled.resolve, cancelled.reject);
                return;
              }
            }
            if (!branches[0].gone) enqueue(branches[0].controller, chunk);
            if (!branches[1].gone) enqueue(branches[1].controller, copy);
            reading = false;
            if (again) pull();
          }),
        close: () => {
          reading = false;
          for (const branch of branches) if (!branch.gone) close(branch.controller);
          if (!branches[0].gone || !branches[1].gone) cancelled.resolve();
        },
        error: () => {
          reading = false;
        },
      });
    };
    const reasons = [];
    const branch = (index) => {
      const side = { gone: false, controller: null };
      branches.push(side);
      const record = newStream();
      const drop = (reason) => {
        side.gone = true;
        reasons[index] = reason;
        if (branches.every(({ gone }) => gone)) cancel(stream, reasons).then(cancelled.resolve, cancelled.reject);
        return cancelled.promise;
      };
      const type = stream.controller.bytes ? "bytes" : undefined;
      side.controller = newController(record, { __proto__: null, pull, cancel: drop, type }, type ? 0 : 1);
      return makeStream(record);
    };
    const result = [branch(0), branch(1)];
    reader.closed.promise.catch((error) => {
      for (const side of branches) fail(side.controller, error);
      if (!branches[0].gone || !branches[1].gone) cancelled.resolve();
    });
    return result;
  };

  // The classes of script.

  const KEY = Symbol("made here");
  let streamOf, requestOf, makeStream, makeDefaultController, makeByteController, invalidate;

  const chunkView = (view) => {
    if (!ArrayBuffer.isView(view)) throw new TypeError("A byte stream takes views of ArrayBuffers");
    if (view.byteLength === 0) throw new TypeError("A chunk of no bytes");
    return view;
  };

  class ReadableStreamDefaultController {
    #it;

    static {
      makeDefaultController = (it) => new this(KEY, it);
    }

    constructor(key, it) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      this.#it = it;
    }

    get desiredSize() {
      return desiredSize(this.#it);
    }

    close() {
      if (!canEnqueue(this.#it)) throw new TypeError("The stream is closed already");
      close(this.#it);
    }

    enqueue(chunk = undefined) {
      if (!canEnqueue(this.#it)) throw new TypeError("The stream takes no more chunks");
      enqueue(this.#it, chunk);
    }

    error(reason = undefined) {
      fail(this.#it, reason);
    }
  }

  class ReadableByteStreamController {
    #it;

    static {
      makeByteController = (it) => new this(KEY, it);
    }

    constructor(key, it) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      this.#it = it;
    }

    get byobRequest() {
      const it = this.#it;
      if (it.request === null && it.pendings.length > 0) it.request = new ReadableStreamBYOBRequest(KEY, it);
      return it.request;
    }

    get desiredSize() {
      return desiredSize(this.#it);
    }

    close() {
      if (!canEnqueue(this.#it)) throw new TypeError("The stream is closed already");
      close(this.#it);
    }

    enqueue(chunk) {
      atLeast(arguments, 1, "ReadableByteStreamController.enqueue");
      const it = this.#it;
      chunkView(chunk);
      if (!canEnqueue(it)) throw new TypeError("The stream takes no more chunks");
      enqueue(it, chunk);
    }

    error(reason = undefined) {
      fail(this.#it, reason);
    }
  }

  class ReadableStreamBYOBRequest {
    #it;
    #view;

    static {
      invalidate = (request) => {
        request.#it = null;
        request.#view = null;
      };
    }

    constructor(key, it) {
      if (key !== KEY) throw new TypeError("Illegal constructor");
      this.#it = it;
      const [{ buffer, offset, length, filled }] = it.pendings;
      this.#view = new Uint8Array(buffer, offset + filled, length - filled);
    }

    get view() {
      return this.#view;
    }

    respond(bytesWritten) {
      atLeast(arguments, 1, "ReadableStreamBYOBRequest.respond");
      if (!this.#it) throw new TypeError("This request was answered already");
      respond(this.#it, Math.trunc(Number(bytesWritten)) || 0);
    }

    respondWithNewView(view) {
      atLeast(arguments, 1, "ReadableStreamBYOBRequest.respondWithNewView");
      if (!ArrayBuffer.isView(view)) throw new TypeError("respondWithNewView: not a view");
      const it = this.#it;
      if (!it) throw new TypeError("This request was answered already");
      const [pending] = it.pendings;
      if (view.byteOffset !== pending.offset + pending.filled) throw new RangeError("respondWithNewView: it begins elsewhere");
      pending.buffer = view.buffer;
      respond(it, view.byteLength);
    }
  }

  const readRequest = (settle) => ({
    chunk: (value) => settle.resolve({ value, done: false }),
    close: (value) => settle.resolve({ value, done: true }),
    error: settle.reject,
  });

  class ReadableStreamDefaultReader {
    #it;

    constructor(stream) {
      atLeast(arguments, 1, "ReadableStreamDefaultReader constructor");
      this.#it = acquire(streamOf(stream));
    }

    get closed() {
      return #it in this ? this.#it.closed.promise : Promise.reject(new TypeError("Not a reader"));
    }

    async cancel(reason = undefined) {
      if (!this.#it.stream) throw new TypeError("The reader was released");
      return cancel(this.#it.stream, reason);
    }

    read() {
      const settle = deferred();
      if (!(#it in this)) settle.reject(new TypeError("Not a reader"));
      else if (!this.#it.stream) settle.reject(new TypeError("The reader was released"));
      else read(this.#it, readRequest(settle));
      return settle.promise;
    }

    releaseLock() {
      release(this.#it);
    }
  }

  class ReadableStreamBYOBReader {
    #it;

    constructor(stream) {
      atLeast(arguments, 1, "ReadableStreamBYOBReader constructor");
      const record = streamOf(stream);
      if (!record.controller.bytes) throw new TypeError("Only a byte stream has such a reader");
      this.#it = acquire(record, true);
    }

    get closed() {
      return #it in this ? this.#it.closed.promise : Promise.reject(new TypeError("Not a reader"));
    }

    async cancel(reason = undefined) {
      if (!this.#it.stream) throw new TypeError("The reader was released");
      return cancel(this.#it.stream, reason);
    }

    async read(view) {
      const it = this.#it;
      if (!ArrayBuffer.isView(view)) throw new TypeError("read: not a view of an ArrayBuffer");
      if (view.byteLength === 0) throw new TypeError("read: a view of no bytes");
      if (!it.stream) throw new TypeError("The reader was released");
      const settle = deferred();
      readInto(it, view, readRequest(settle));
      return settle.promise;
    }

    releaseLock() {
      release(this.#it);
    }
  }

  const asyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

  const iterate = (record, preventCancel) => {
    const reader = acquire(record);
    let last = Promise.resolve();
    let done = false;
    const ended = (value) => ({ value, done: true });
    // Calls are answered in their order, each after the one before.
    const inTurn = (step) => (last = last.then(step, step));
    return Object.create(
      Object.create(asyncIteratorPrototype, {
        next: {
          value: () =>
            inTurn(() => {
              if (done) return ended(undefined);
              const settle = deferred();
              const over = () => {
                done = true;
                release(reader);
              };
              read(reader, {
                chunk: (value) => settle.resolve({ value, done: false }),
                close: () => {
                  over();
                  settle.resolve(ended(undefined));
                },
                error: (error) => {
                  over();
                  settle.reject(error);
                },
              });
              return settle.promise;
            }),
          writable: true, enumerable: true, configurable: true,
        },
        return: {
          value: (value) =>
            inTurn(async () => {
              if (done) return ended(value);
              done = true;
              const cancelled = preventCancel ? undefined : cancel(record, value);
              release(reader);
              await cancelled;
              return ended(value);
            }),
          writable: true, enumerable: true, configurable: true,
        },
      }),
    );
  };

  class ReadableStream {
    #it;

    static {
      makeStream = (it) => {
        const stream = new this(KEY);
        stream.#it = it;
        it.face = stream;
        return stream;
      };
      streamOf = (stream) => {
        if (!isObject(stream) || !(#it in stream)) throw new TypeError("Not a ReadableStream");
        return stream.#it;
      };
    }

    constructor(underlyingSource = {}, strategy = {}) {
      if (underlyingSource === KEY) return;
      if (!isObject(underlyingSource)) throw new TypeError("ReadableStream: the source is an object");
      const given = dictionary(strategy, "QueuingStrategy");
      const type = underlyingSource.type === undefined ? undefined : enumeration(underlyingSource.type, ["bytes"], "ReadableStreamType");
      const source = { __proto__: null, type };
      for (const name of ["start", "pull", "cancel"]) source[name] = method(underlyingSource, name);
      if (type === "bytes") {
        if (given.size !== undefined) throw new RangeError("ReadableStream: a byte stream has no size()");
        if (underlyingSource.autoAllocateChunkSize !== undefined) {
          source.autoAllocate = Math.trunc(Number(underlyingSource.autoAllocateChunkSize));
          if (!(source.autoAllocate > 0)) throw new TypeError("autoAllocateChunkSize: not a number from 1 on");
        }
      }
      const size = type === "bytes" ? undefined : method(given, "size");
      this.#it = newStream();
      this.#it.face = this;
      newController(this.#it, source, highWaterMark(given, type === "bytes" ? 0 : 1), size);
    }

    static from(asyncIterable) {
      atLeast(arguments, 1, "ReadableStream.from");
      const open = asyncIterable[Symbol.asyncIterator] ?? asyncIterable[Symbol.iterator];
      if (typeof open !== "function") throw new TypeError("ReadableStream.from: not iterable");
      const iterator = Reflect.apply(open, asyncIterable, []);
      if (!isObject(iterator)) throw new TypeError("ReadableStream.from: the iterator is no object");
      const { next } = iterator;
      const record = newStream();
      const pull = async () => {
        const step = await Reflect.apply(next, iterator, []);
        if (!isObject(step)) throw new TypeError("ReadableStream.from: a step is an object");
        if (step.done) close(record.controller);
        else enqueue(record.controller, await step.value);
      };
      const stop = async (reason) => {
        const call = iterator.return;
        if (call === undefined) return;
        const step = await Reflect.apply(call, iterator, [reason]);
        if (!isObject(step)) throw new TypeError("ReadableStream.from: a step is an object");
      };
      newController(record, { __proto__: null, pull, cancel: stop }, 0);
      return makeStream(record);
    }

    get locked() {
      return this.#it.reader !== null;
    }

    async cancel(reason = undefined) {
      if (this.#it.reader) throw new TypeError("The stream is locked to a reader");
      return cancel(this.#it, reason);
    }

    getReader(options = {}) {
      const it = this.#it;
      const { mode } = dictionary(options, "ReadableStreamGetReaderOptions");
      if (mode === undefined) return new ReadableStreamDefaultReader(it.face);
      enumeration(mode, ["byob"], "ReadableStreamReaderMode");
      return new ReadableStreamBYOBReader(it.face);
    }

    pipeThrough(transform, options = {}) {
      atLeast(arguments, 1, "ReadableStream.pipeThrough");
      const { readable, writable } = dictionary(transform, "ReadableWritablePair");
      streamOf(readable);
      quiet(shared.streams.pipeTo(this.#it, writable, dictionary(options, "StreamPipeOptions")));
      return readable;
    }

    async pipeTo(destination, options = {}) {
      atLeast(arguments, 1, "ReadableStream.pipeTo");
      return shared.streams.pipeTo(this.#it, destination, dictionary(options, "StreamPipeOptions"));
    }

    tee() {
      return tee(this.#it);
    }

    values(options = {}) {
      const it = this.#it;
      return iterate(it, Boolean(dictionary(options, "ReadableStreamIteratorOptions").preventCancel));
    }

    static {
      Object.defineProperty(this.prototype, Symbol.asyncIterator, {
        value: this.prototype.values, writable: true, configurable: true, enumerable: false,
      });
    }
  }

  class CountQueuingStrategy {
    #mark;

    constructor(init) {
      atLeast(arguments, 1, "CountQueuingStrategy constructor");
      this.#mark = mark(init);
    }

    get highWaterMark() {
      return this.#mark;
    }

    get size() {
      this.#mark;
      return count;
    }
  }

  class ByteLengthQueuingStrategy {
    #mark;

    constructor(init) {
      atLeast(arguments, 1, "ByteLengthQueuingStrategy constructor");
      this.#mark = mark(init);
    }

    get highWaterMark() {
      return this.#mark;
    }

    get size() {
      this.#mark;
      return byteLength;
    }
  }

  const mark = (init) => {
    const { highWaterMark } = dictionary(init, "QueuingStrategyInit");
    if (highWaterMark === undefined) throw new TypeError("highWaterMark is required");
    return Number(highWaterMark);
  };
  const count = function size() {
    return 1;
  };
  const byteLength = function size(chunk) {
    return chunk.byteLength;
  };

  // A stream for a body: { pull, cancel } return promises; the pair is the stream and its record's controls.
  const makeBytes = (source, mark = 0) => {
    const record = newStream();
    const controller = newController(record, { __proto__: null, ...source, type: "bytes" }, mark);
    return {
      stream: makeStream(record),
      enqueue: (bytes) => enqueue(controller, bytes),
      close: () => {
        if (!canEnqueue(controller)) return;
        close(controller);
        // Buffers that a reader lent go back with nothing in them.
        if (record.state === "closed" && controller.pendings.length > 0) respond(controller, 0);
      },
      error: (error) => fail(controller, error),
      desiredSize: () => desiredSize(controller),
    };
  };

  shared.streams = {
    deferred, invoke, isObject, method, quiet, highWaterMark,
    acquire, cancel, close, desiredSize, enqueue, fail, makeBytes, makeStream, newController, newStream, read, release, streamOf, tee,
    isReadableStream: (value) => value instanceof ReadableStream,
    isDisturbed: (stream) => streamOf(stream).disturbed,
    isLocked: (stream) => streamOf(stream).reader !== null,
    // Everything a stream holds; a chunk that is no Uint8Array is an error, as bodies have it.
    readAll: (stream) => {
      const settle = deferred();
      let reader;
      try {
        reader = acquire(streamOf(stream));
      } catch (error) {
        settle.reject(error);
        return settle.promise;
      }
      const chunks = [];
      const step = () =>
        read(reader, {
          chunk: (chunk) => {
            if (!(chunk instanceof Uint8Array)) {
              const error = new TypeError("A body's chunks are Uint8Arrays");
              quiet(cancel(reader.stream, error));
              settle.reject(error);
              return;
            }
            chunks.push(chunk);
            // By way of a microtask: a long queue must not become a deep stack.
            queueMicrotask(step);
          },
          close: () => settle.resolve(shared.concatenate(chunks)),
          error: settle.reject,
        });
      step();
      return settle.promise;
    },
  };
  shared.streamOfBytes = (bytes) => {
    const it = makeBytes({
      pull: () => {
        if (bytes.length > 0) it.enqueue(bytes.slice());
        it.close();
      },
    });
    return it.stream;
  };
  Object.assign(shared, {
    ReadableStream, ReadableStreamDefaultReader, ReadableStreamBYOBReader, ReadableStreamDefaultController,
    ReadableByteStreamController, ReadableStreamBYOBRequest, CountQueuingStrategy, ByteLengthQueuingStrategy,
  });
};
