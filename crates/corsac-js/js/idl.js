// What WebIDL does at the border of an interface: conversions, argument counts, iteration.
(native, shared) => {
  const isObject = (value) => typeof value === "object" && value !== null || typeof value === "function";

  const domString = (value) => `${value}`;

  const LIMIT = Number.MAX_SAFE_INTEGER;

  const idl = {
    domString,

    // Lone surrogates become U+FFFD.
    usvString: (value) => `${value}`.toWellFormed(),

    byteString: (value) => {
      const text = `${value}`;
      if (/[^\0-\xff]/.test(text)) throw new TypeError("A character above U+00FF is no byte");
      return text;
    },

    atLeast: (given, needed, what) => {
      if (given.length >= needed) return;
      throw new TypeError(`${what}: ${needed} ${needed === 1 ? "argument is" : "arguments are"} required, ${given.length} given`);
    },

    dictionary: (value, what) => {
      if (value === undefined || value === null) return {};
      if (!isObject(value)) throw new TypeError(`${what}: not an object`);
      return value;
    },

    enumeration: (value, names, what) => {
      const text = `${value}`;
      if (!names.includes(text)) throw new TypeError(`${what}: "${text}" is none of ${names.join(", ")}`);
      return text;
    },

    // long long
    longLong: (value) => {
      const number = Math.trunc(Number(value));
      return Number.isFinite(number) ? Number(BigInt.asIntN(64, BigInt(number))) : 0;
    },

    // [Clamp] long long, which rounds halves to even.
    clampedLongLong: (value) => {
      const number = Number(value);
      if (Number.isNaN(number)) return 0;
      const clamped = Math.min(Math.max(number, -LIMIT), LIMIT);
      const floor = Math.floor(clamped);
      const isHalf = clamped - floor === 0.5;
      return (isHalf ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(clamped)) + 0;
    },

    // iterable<name, value> over the list of pairs that `list` finds in an object.
    defineIterable: (Class, name, list) => {
      const prototype = Object.create(iteratorPrototype, {
        next: {
          value: function next() {
            const state = iterations.get(this);
            if (!state) throw new TypeError(`Not an iterator of ${name}`);
            const pairs = list(state.object);
            if (state.index >= pairs.length) return { value: undefined, done: true };
            return { value: state.pick(pairs[state.index++]), done: false };
          },
          writable: true, enumerable: true, configurable: true,
        },
        [Symbol.toStringTag]: { value: `${name} Iterator`, configurable: true },
      });
      const iterations = new WeakMap();
      const iterate = (object, pick) => {
        // Throws for an object of another class.
        list(object);
        const iterator = Object.create(prototype);
        iterations.set(iterator, { object, pick, index: 0 });
        return iterator;
      };
      const methods = {
        entries() {
          return iterate(this, ([key, value]) => [key, value]);
        },
        keys() {
          return iterate(this, ([key]) => key);
        },
        values() {
          return iterate(this, ([, value]) => value);
        },
        forEach(callback, thisArg = undefined) {
          list(this);
          idl.atLeast(arguments, 1, `${name}.forEach`);
          if (typeof callback !== "function") throw new TypeError(`${name}.forEach: not a function`);
          // The list may change meanwhile.
          for (let index = 0; index < list(this).length; index += 1) {
            const [key, value] = list(this)[index];
            Reflect.apply(callback, thisArg, [value, key, this]);
          }
        },
      };
      for (const [key, value] of Object.entries(methods)) {
        Object.defineProperty(Class.prototype, key, { value, writable: true, enumerable: true, configurable: true });
      }
      Object.defineProperty(Class.prototype, Symbol.iterator, { value: methods.entries, writable: true, enumerable: false, configurable: true });
    },
  };

  const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

  shared.idl = idl;
  shared.DOMException = globalThis.DOMException;
};
