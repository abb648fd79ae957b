// structuredClone: values copied with their cycles, buffers that may be handed over.
(native, shared) => {
  const { atLeast, dictionary } = shared.idl;

  const refuse = (what) => {
    throw new shared.DOMException(`${what} could not be cloned.`, "DataCloneError");
  };

  const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const BOXES = [Boolean, Number, String, BigInt];

  const isBox = (value, Box) => {
    try {
      Box.prototype.valueOf.call(value);
      return true;
    } catch {
      return false;
    }
  };

  const handOver = (buffer) => {
    if (buffer.detached) refuse("A detached ArrayBuffer");
    return typeof buffer.transfer === "function" ? buffer.transfer() : buffer.slice();
  };

  const cloneBuffer = (buffer) => {
    if (buffer.detached) refuse("A detached ArrayBuffer");
    if (!buffer.resizable) return buffer.slice();
    const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength: buffer.maxByteLength });
    new Uint8Array(copy).set(new Uint8Array(buffer));
    return copy;
  };

  const cloneError = (error, walk) => {
    const name = String(error.name);
    const Kind = Object.hasOwn(ERRORS, name) ? ERRORS[name] : Error;
    const copy = Object.create(Kind.prototype);
    const fresh = Reflect.construct(Error, [], Kind);
    Object.setPrototypeOf(fresh, Object.getPrototypeOf(copy));
    const own = Object.getOwnPropertyDescriptor(error, "message");
    delete fresh.message;
    if (own && "value" in own) {
      Object.defineProperty(fresh, "message", { value: String(own.value), writable: true, configurable: true });
    }
    const stack = Object.getOwnPropertyDescriptor(error, "stack");
    if (typeof stack?.value === "string") {
      Object.defineProperty(fresh, "stack", { value: stack.value, writable: true, configurable: true });
    }
    const cause = Object.getOwnPropertyDescriptor(error, "cause");
    if (cause && "value" in cause) {
      Object.defineProperty(fresh, "cause", { value: walk(cause.value), writable: true, configurable: true });
    }
    return fresh;
  };

  // Objects of the web that copy themselves: [test, copy].
  const platform = [
    [(value) => value instanceof shared.File, (file) => new shared.File([file], file.name, { type: file.type, lastModified: file.lastModified })],
    [(value) => value instanceof shared.Blob, (blob) => new shared.Blob([blob], { type: blob.type })],
    [(value) => value instanceof shared.DOMException, (error) => new shared.DOMException(error.message, error.name)],
  ];

  const clone = (root, moved) => {
    const seen = new Map(moved);
    const walk = (value) => {
      if (typeof value === "symbol") refuse("A symbol");
      if (typeof value === "function") refuse("A function");
      if (typeof value !== "object" || value === null) return value;
      if (seen.has(value)) return seen.get(value);
      const keep = (copy) => {
        seen.set(value, copy);
        return copy;
      };
      for (const Box of BOXES) if (isBox(value, Box)) return keep(Object(Box.prototype.valueOf.call(value)));
      if (isBox(value, Symbol)) refuse("A symbol");
      const own = platform.find(([is]) => is(value));
      if (own) return keep(own[1](value));
      if (value instanceof Date) return keep(new Date(Date.prototype.getTime.call(value)));
      if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
      if (value instanceof ArrayBuffer) return keep(cloneBuffer(value));
      if (ArrayBuffer.isView(value)) {
        const buffer = walk(value.buffer);
        const Kind = value instanceof DataView ? DataView : globalThis[value[Symbol.toStringTag]];
        const length = value instanceof DataView ? value.byteLength : value.length;
        return keep(new Kind(buffer, value.byteOffset, length));
      }
      if (value instanceof Map) {
        const copy = keep(new Map());
        for (const [key, item] of [...value]) copy.set(walk(key), walk(item));
        return copy;
      }
      if (value instanceof Set) {
        const copy = keep(new Set());
        for (const item of [...value]) copy.add(walk(item));
        return copy;
      }
      if (value instanceof Error) {
        const copy = cloneError(value, walk);
        return keep(copy);
      }
      if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef || value instanceof Promise || shared.isPlatformObject(value)) {
        refuse(`A ${value.constructor?.name ?? "platform object"}`);
      }
      const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(value, key)) copy[key] = walk(value[key]);
      }
      return copy;
    };
    return walk(root);
  };

  shared.structuredClone = function structuredClone(value, options = {}) {
    atLeast(arguments, 1, "structuredClone");
    const transfers = [...(dictionary(options, "StructuredSerializeOptions").transfer ?? [])];
    for (const [index, item] of transfers.entries()) {
      if (!(item instanceof ArrayBuffer) || transfers.indexOf(item) !== index) refuse("What is to be transferred");
    }
    if (transfers.length === 0) return clone(value, []);
    // The first walk finds what cannot be cloned before anything is handed over.
    clone(value, transfers.map((buffer) => [buffer, buffer]));
    return clone(value, transfers.map((buffer) => [buffer, handOver(buffer)]));
  };
};
