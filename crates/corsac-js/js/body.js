// Bodies: what BodyInit makes of a value, and what Request and Response have in common.
// A body knows its bytes, or takes them from the network, or from a stream of script's; a stream of
// the first two is made only for those who ask for it.
(native, shared) => {
  const { usvString } = shared.idl;
  const { streams } = shared;
  const { quiet } = streams;
  const { queueMicrotask } = globalThis;
  const { pipeThrough } = shared.ReadableStream.prototype;

  const isBodyObject = (value) =>
    streams.isReadableStream(value) ||
    value instanceof shared.Blob ||
    value instanceof shared.FormData ||
    value instanceof shared.URLSearchParams ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value);

  // The union: objects of the web stay what they are, anything else is text.
  const bodyInit = (value) => (streams.isObject(value) && isBodyObject(value) ? value : usvString(value));

  // "Extract a body": { bytes, stream, type, source }, either bytes or a stream.
  const extract = (value, { keepalive = false } = {}) => {
    const object = bodyInit(value);
    const known = (bytes, type, source = bytes) => ({ bytes, stream: null, type, source });
    if (typeof object === "string") return known(shared.utf8Encode(object), "text/plain;charset=UTF-8");
    if (streams.isReadableStream(object)) {
      if (keepalive) throw new TypeError("A request with keepalive has no stream for a body");
      if (streams.isDisturbed(object) || streams.isLocked(object)) throw new TypeError("The body's stream is locked or was read from");
      return { bytes: null, stream: object, type: null, source: null };
    }
    if (object instanceof shared.Blob) return known(shared.blobBytes(object), object.type || null, object);
    if (object instanceof shared.FormData) {
      const { bytes, boundary } = shared.encodeMultipart(object);
      return known(bytes, `multipart/form-data; boundary=${boundary}`, object);
    }
    if (object instanceof shared.URLSearchParams) {
      return known(shared.utf8Encode(`${object}`), "application/x-www-form-urlencoded;charset=UTF-8");
    }
    return known(shared.bytesOf(object, "body").slice(), null);
  };

  // What comes from the network waits here until somebody takes it. `over` is told once nothing more
  // can come out: all of it was taken, it failed, or nobody wants it.
  class Feed {
    #chunks = [];
    #ended = false;
    #failure = null;
    #hangUp;
    #over;
    #wake = null;

    constructor(hangUp, over) {
      this.#hangUp = hangUp;
      this.#over = over;
    }

    push(chunk) {
      if (chunk.length === 0 || this.#ended || this.#failure) return;
      this.#chunks.push(chunk);
      this.#wake?.();
    }

    end() {
      if (this.#ended || this.#failure) return;
      this.#ended = true;
      this.#wake?.();
      this.#settled();
    }

    // A body that is at its end cannot fail any more.
    fail(reason) {
      if (this.#failure || this.#isSpent()) return;
      this.#chunks = [];
      this.#failure = { reason };
      this.#wake?.();
      this.#over();
    }

    cancel() {
      if (this.#failure || this.#isSpent()) return;
      const isOpen = !this.#ended;
      this.#chunks = [];
      this.#ended = true;
      if (isOpen) this.#hangUp();
      this.#over();
    }

    #isSpent() {
      return this.#ended && this.#chunks.length === 0;
    }

    #settled() {
      if (this.#isSpent()) this.#over();
    }

    // All of it, once it has ended.
    drain(success, failure) {
      this.#wake = () => {
        if (this.#failure) {
          this.#wake = null;
          failure(this.#failure.reason);
        } else if (this.#ended) {
          this.#wake = null;
          const chunks = this.#chunks;
          this.#chunks = [];
          this.#over();
          success(chunks.length === 1 ? chunks[0] : shared.concatenate(chunks));
        }
      };
      this.#wake();
    }

    // A chunk for each pull.
    stream() {
      let isWanted = false;
      const control = streams.makeBytes({
        pull: () => {
          isWanted = true;
          this.#wake?.();
        },
        cancel: () => {
          this.#wake = null;
          this.cancel();
        },
      });
      this.#wake = () => {
        if (this.#failure) {
          this.#wake = null;
          control.error(this.#failure.reason);
          return;
        }
        if (isWanted && this.#chunks.length > 0) {
          isWanted = false;
          const chunk = this.#chunks.shift();
          const isLast = this.#isSpent();
          control.enqueue(chunk);
          if (isLast) this.#over();
        }
        if (this.#isSpent()) {
          this.#wake = null;
          control.close();
        }
      };
      this.#wake();
      return control.stream;
    }
  }

  const record = (parts) => ({
    bytes: null, feed: null, stream: null,
    // Read without a stream, and the end of that for a stream that is asked for meanwhile.
    used: false, ending: null, control: null,
    ...parts,
  });

  const ofExtracted = ({ bytes, stream }) => record({ bytes, stream });

  const ofFeed = (feed) => record({ feed });

  const isDisturbed = (body) => body.used || body.stream !== null && streams.isDisturbed(body.stream);

  const isUnusable = (body) =>
    body !== null && (isDisturbed(body) || body.stream !== null && streams.isLocked(body.stream));

  const use = (body) => {
    body.used = true;
  };

  const finish = (body, ending) => {
    body.ending = ending;
    if (body.control) ending(body.control);
  };

  // What a stream would be by now, had there been one when the body was read.
  const spentStream = (body) => {
    const control = streams.makeBytes({});
    const stream = streams.streamOf(control.stream);
    stream.disturbed = true;
    streams.acquire(stream);
    body.control = control;
    body.ending?.(control);
    return control.stream;
  };

  const streamOf = (body) => {
    body.stream ??= body.used ? spentStream(body) : body.feed ? body.feed.stream() : shared.streamOfBytes(body.bytes);
    return body.stream;
  };

  // By callbacks: a promise of bytes would ask Object.prototype for a `then` that script may have put there.
  const readStream = (stream, success, failure) => {
    const reader = streams.acquire(streams.streamOf(stream));
    const chunks = [];
    const step = () =>
      streams.read(reader, {
        chunk: (chunk) => {
          if (!(chunk instanceof Uint8Array)) {
            failure(new TypeError("A body's chunks are Uint8Arrays"));
            return;
          }
          // Script may go on to write into what it enqueued, or have handed it on, which empties it.
          if (chunk.length > 0) chunks.push(chunk.slice());
          // A long queue must not become a deep stack.
          queueMicrotask(step);
        },
        close: () => success(shared.concatenate(chunks)),
        error: failure,
      });
    step();
  };

  const readAll = (body, success, failure) => {
    if (body.stream) return readStream(body.stream, success, failure);
    use(body);
    if (!body.feed) {
      finish(body, (control) => control.close());
      return success(body.bytes);
    }
    return body.feed.drain(
      (bytes) => {
        finish(body, (control) => control.close());
        success(bytes);
      },
      (error) => {
        finish(body, (control) => control.error(error));
        failure(error);
      },
    );
  };

  const nothing = () => {};

  // Takes the bytes out of a body whose bytes are known: its stream, if there is one, is read to its end.
  const spend = (body) => {
    if (body.stream) readStream(body.stream, nothing, nothing);
    else readAll(body, nothing, nothing);
  };

  const clone = (body) => {
    if (body === null) return null;
    if (body.bytes) {
      if (body.stream) {
        spend(body);
        body.stream = null;
      }
      return record({ bytes: body.bytes });
    }
    const [mine, other] = streams.tee(streams.streamOf(streamOf(body)), true);
    body.stream = mine;
    return record({ stream: other });
  };

  // The body of another object, which is left with a body that was read.
  const transfer = (body) => {
    if (body.bytes) {
      const moved = record({ bytes: body.bytes });
      spend(body);
      return moved;
    }
    return record({ stream: Reflect.apply(pipeThrough, body.stream, [new shared.TransformStream()]) });
  };

  const cancel = (body, reason) => {
    if (body.stream) quiet(streams.cancel(streams.streamOf(body.stream), reason));
  };

  const fail = (body, reason) => {
    body.feed?.fail(reason);
    if (body.stream) streams.fail(streams.streamOf(body.stream).controller, reason);
  };

  const consume = (it, convert) =>
    new Promise((resolve, reject) => {
      const { body } = it();
      if (isUnusable(body)) throw new TypeError("The body is locked or was read already");
      const success = (bytes) => {
        try {
          resolve(convert(bytes, it()));
        } catch (error) {
          reject(error);
        }
      };
      if (body === null) success(new Uint8Array());
      else readAll(body, success, reject);
    });

  // Bytes that script may have: those of a body that knows them are its own, clones share them.
  const owned = (bytes, { body }) =>
    bytes === body?.bytes || bytes.length !== bytes.buffer.byteLength ? bytes.slice() : bytes;

  const mimeType = (it) => native.mime.extract(shared.headers.list(it)) ?? null;

  const parameter = ({ parameters }, name) => {
    for (let at = 0; at < parameters.length; at += 2) if (parameters[at] === name) return parameters[at + 1];
    return null;
  };

  const parseForm = (bytes, it) => {
    const type = mimeType(it);
    let form;
    if (type?.essence === "multipart/form-data") {
      const boundary = parameter(type, "boundary");
      if (boundary !== null) form = shared.parseMultipart(bytes, boundary);
    } else if (type?.essence === "application/x-www-form-urlencoded") {
      form = shared.parseUrlencoded(bytes);
    } else {
      throw new TypeError("formData: the Content-Type is neither multipart/form-data nor application/x-www-form-urlencoded");
    }
    if (!form) throw new TypeError("formData: the body is not what its Content-Type says");
    return form;
  };

  const blobOf = (bytes, it) => {
    const type = mimeType(it);
    return shared.blobOver(owned(bytes, it), type === null ? "" : native.mime.serialize(type));
  };

  // `state` finds an object's { body, headers, list, guard }, and throws for an object of another class.
  const mixin = (Class, state) => {
    const members = {
      get body() {
        const { body } = state(this);
        return body === null ? null : streamOf(body);
      },
      get bodyUsed() {
        const { body } = state(this);
        return body !== null && isDisturbed(body);
      },
      arrayBuffer() {
        return consume(() => state(this), (bytes, it) => owned(bytes, it).buffer);
      },
      blob() {
        return consume(() => state(this), blobOf);
      },
      bytes() {
        return consume(() => state(this), owned);
      },
      formData() {
        return consume(() => state(this), parseForm);
      },
      json() {
        return consume(() => state(this), (bytes) => JSON.parse(shared.utf8Decode(bytes)));
      },
      text() {
        return consume(() => state(this), shared.utf8Decode);
      },
      textStream() {
        const { body } = state(this);
        if (isUnusable(body)) throw new TypeError("The body is locked or was read already");
        const stream = body === null ? shared.streamOfBytes(new Uint8Array()) : streamOf(body);
        return Reflect.apply(pipeThrough, stream, [new shared.TextDecoderStream()]);
      },
    };
    Object.defineProperties(Class.prototype, Object.getOwnPropertyDescriptors(members));
  };

  shared.bodies = { bodyInit, cancel, clone, Feed, fail, isUnusable, mixin, ofExtracted, ofFeed, readStream, transfer };
  shared.extractBody = extract;
};
