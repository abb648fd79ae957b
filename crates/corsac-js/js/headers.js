// Headers: a flat list of names and values behind a guard. What may be in it is for native code to say.
(native, shared) => {
  const { atLeast, byteString, defineIterable } = shared.idl;
  const { isObject } = shared.streams;
  const KEY = Symbol("made here");

  let make, listOf;

  // HeadersInit: a sequence of pairs if there is an iterator, else a record. Both become a flat list.
  const headersInit = (value) => {
    if (!isObject(value)) throw new TypeError("Headers: neither a sequence of pairs nor a record");
    const open = value[Symbol.iterator];
    return open === undefined || open === null ? fromRecord(value) : fromSequence(value, open);
  };

  const sequence = (value, open) => {
    if (typeof open !== "function") throw new TypeError("Headers: the iterator's method is no function");
    // `open` was looked up already, and looking is seen by a proxy.
    return { [Symbol.iterator]: () => Reflect.apply(open, value, []) };
  };

  const fromSequence = (value, open) => {
    const flat = [];
    const refuse = () => {
      throw new TypeError("Headers: an entry is a sequence of two items, a name and a value");
    };
    const pairs = [];
    for (const entry of sequence(value, open)) {
      if (!isObject(entry)) refuse();
      const pair = [];
      for (const item of sequence(entry, entry[Symbol.iterator])) pair.push(byteString(item));
      pairs.push(pair);
    }
    for (const pair of pairs) {
      if (pair.length !== 2) refuse();
      flat.push(pair[0], pair[1]);
    }
    return flat;
  };

  const fromRecord = (value) => {
    const flat = [];
    for (const key of Reflect.ownKeys(value)) {
      if (!Reflect.getOwnPropertyDescriptor(value, key)?.enumerable) continue;
      const name = byteString(key);
      flat.push(name, byteString(value[key]));
    }
    return flat;
  };

  // The list with `flat` appended under the guard.
  const fill = (guard, list, flat) => {
    let filled = list;
    for (let at = 0; at < flat.length; at += 2) {
      filled = native.headers.append(guard, filled, flat[at], flat[at + 1]);
    }
    return filled;
  };

  class Headers {
    // Never changed in place, so that who shares it may keep it.
    #list = [];
    #guard = "none";
    // The pairs to iterate over, and the list that they were made of.
    #pairs = [];
    #pairsOf = this.#list;

    static {
      make = (guard, list) => {
        const headers = new this(KEY);
        headers.#guard = guard;
        headers.#list = list;
        return headers;
      };
      listOf = (headers) => headers.#list;
    }

    constructor(init = undefined) {
      if (init === KEY || init === undefined) return;
      this.#list = fill(this.#guard, this.#list, headersInit(init));
    }

    append(name, value) {
      this.#guard;
      atLeast(arguments, 2, "Headers.append");
      const wanted = byteString(name);
      const given = byteString(value);
      this.#list = native.headers.append(this.#guard, this.#list, wanted, given);
    }

    delete(name) {
      this.#guard;
      atLeast(arguments, 1, "Headers.delete");
      const wanted = byteString(name);
      this.#list = native.headers.delete(this.#guard, this.#list, wanted);
    }

    get(name) {
      this.#guard;
      atLeast(arguments, 1, "Headers.get");
      const wanted = byteString(name);
      return native.headers.get(this.#list, wanted) ?? null;
    }

    getSetCookie() {
      return native.headers.getSetCookie(this.#list);
    }

    has(name) {
      this.#guard;
      atLeast(arguments, 1, "Headers.has");
      const wanted = byteString(name);
      return native.headers.has(this.#list, wanted);
    }

    set(name, value) {
      this.#guard;
      atLeast(arguments, 2, "Headers.set");
      const wanted = byteString(name);
      const given = byteString(value);
      this.#list = native.headers.set(this.#guard, this.#list, wanted, given);
    }

    #sorted() {
      if (this.#pairsOf !== this.#list) {
        const flat = native.headers.sorted(this.#list);
        this.#pairs = [];
        for (let at = 0; at < flat.length; at += 2) this.#pairs.push([flat[at], flat[at + 1]]);
        this.#pairsOf = this.#list;
      }
      return this.#pairs;
    }

    static {
      defineIterable(Headers, "Headers", (headers) => headers.#sorted());
    }
  }

  // For Request and Response, whose Headers objects are made when somebody asks for them: until then
  // their state has a `list` and a `guard`.
  shared.headers = {
    init: headersInit,
    fill,
    of: (it) => (it.headers ??= make(it.guard, it.list)),
    list: (it) => (it.headers ? listOf(it.headers) : it.list),
  };
  shared.Headers = Headers;
};
