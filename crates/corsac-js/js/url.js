// URL and URLSearchParams. Parsing is native; here are the interfaces that script sees.
// A URL holds its parts as one array and gets a new one on every change.
(native, shared) => {
  const { usvString, atLeast, defineIterable } = shared.idl;

  const PARTS = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];
  const HREF = 0, SEARCH = 9;

  // Set in the classes' static blocks: what one class may do to the other's private parts.
  let follow, replaceList;

  const parse = (url, base) => {
    const input = usvString(url);
    return native.url.parse(input, base === undefined ? undefined : usvString(base));
  };

  class URL {
    #parts;
    #searchParams;

    static {
      follow = (url, search) => url.#set("search", search);
    }

    constructor(url, base = undefined) {
      atLeast(arguments, 1, "URL constructor");
      const parts = parse(url, base);
      if (parts === undefined) throw new TypeError("Invalid URL");
      this.#parts = parts;
    }

    static canParse(url, base = undefined) {
      atLeast(arguments, 1, "URL.canParse");
      return parse(url, base) !== undefined;
    }

    static parse(url, base = undefined) {
      atLeast(arguments, 1, "URL.parse");
      const parts = parse(url, base);
      return parts === undefined ? null : new URL(parts[HREF]);
    }

    #set(part, value) {
      this.#parts = native.url.set(this.#parts[HREF], part, value);
    }

    #part(index) {
      return this.#parts[index];
    }

    #refresh() {
      if (this.#searchParams) replaceList(this.#searchParams, this.#parts[SEARCH].slice(1));
    }

    get href() {
      return this.#part(HREF);
    }

    set href(value) {
      const parts = parse(value);
      if (parts === undefined) throw new TypeError("Invalid URL");
      this.#parts = parts;
      this.#refresh();
    }

    get search() {
      return this.#part(SEARCH);
    }

    set search(value) {
      this.#set("search", usvString(value));
      this.#refresh();
    }

    get searchParams() {
      this.#searchParams ??= (() => {
        const params = new URLSearchParams();
        replaceList(params, this.#parts[SEARCH].slice(1), this);
        return params;
      })();
      return this.#searchParams;
    }

    toString() {
      return this.#part(HREF);
    }

    toJSON() {
      return this.#part(HREF);
    }

    static {
      PARTS.forEach((name, index) => {
        if (name === "href" || name === "search") return;
        const attribute = {
          get [name]() {
            return this.#part(index);
          },
          set [name](value) {
            this.#set(name, usvString(value));
          },
        };
        const { get, set } = Object.getOwnPropertyDescriptor(attribute, name);
        Object.defineProperty(URL.prototype, name, {
          get,
          set: name === "origin" ? undefined : set,
          configurable: true,
          enumerable: true,
        });
      });
    }
  }

  class URLSearchParams {
    // [name, value] pairs in order.
    #list = [];
    #url = null;

    static {
      replaceList = (params, query, url) => {
        params.#list = pairs(native.url.parseForm(query));
        if (url) params.#url = url;
      };
    }

    constructor(init = "") {
      if (typeof init === "object" && init !== null || typeof init === "function") {
        const method = init[Symbol.iterator];
        this.#list = method === undefined || method === null ? fromRecord(init) : fromSequence(init);
      } else {
        const text = usvString(init);
        this.#list = pairs(native.url.parseForm(text.startsWith("?") ? text.slice(1) : text));
      }
    }

    #changed() {
      if (!this.#url) return;
      follow(this.#url, serialize(this.#list));
    }

    get size() {
      return this.#list.length;
    }

    append(name, value) {
      const list = this.#list;
      atLeast(arguments, 2, "URLSearchParams.append");
      list.push([usvString(name), usvString(value)]);
      this.#changed();
    }

    delete(name, value = undefined) {
      const list = this.#list;
      atLeast(arguments, 1, "URLSearchParams.delete");
      const matches = matcher(name, value);
      this.#list = list.filter((pair) => !matches(pair));
      this.#changed();
    }

    get(name) {
      const list = this.#list;
      atLeast(arguments, 1, "URLSearchParams.get");
      return list.find(matcher(name))?.[1] ?? null;
    }

    getAll(name) {
      const list = this.#list;
      atLeast(arguments, 1, "URLSearchParams.getAll");
      return list.filter(matcher(name)).map(([, value]) => value);
    }

    has(name, value = undefined) {
      const list = this.#list;
      atLeast(arguments, 1, "URLSearchParams.has");
      return list.some(matcher(name, value));
    }

    set(name, value) {
      const list = this.#list;
      atLeast(arguments, 2, "URLSearchParams.set");
      const pair = [usvString(name), usvString(value)];
      const at = list.findIndex(([other]) => other === pair[0]);
      if (at === -1) {
        list.push(pair);
      } else {
        list[at] = pair;
        this.#list = list.filter(([other], index) => index <= at || other !== pair[0]);
      }
      this.#changed();
    }

    sort() {
      // By code units, which is how strings compare; the sort is stable.
      this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#changed();
    }

    toString() {
      return serialize(this.#list);
    }

    static {
      defineIterable(URLSearchParams, "URLSearchParams", (params) => params.#list);
    }
  }

  const pairs = (flat) => {
    const list = [];
    for (let at = 0; at < flat.length; at += 2) list.push([flat[at], flat[at + 1]]);
    return list;
  };

  const serialize = (list) => native.url.serializeForm(list.flat());

  const matcher = (name, value = undefined) => {
    const wanted = usvString(name);
    if (value === undefined) return ([other]) => other === wanted;
    const wantedValue = usvString(value);
    return ([other, itsValue]) => other === wanted && itsValue === wantedValue;
  };

  const fromSequence = (init) => {
    const list = [];
    for (const entry of init) {
      if (typeof entry !== "object" && typeof entry !== "function" || entry === null) {
        throw new TypeError("URLSearchParams: each entry is a sequence of a name and a value");
      }
      const pair = [...entry].map(usvString);
      if (pair.length !== 2) throw new TypeError("URLSearchParams: an entry has two items, a name and a value");
      list.push(pair);
    }
    return list;
  };

  // Two names that are one once their lone surrogates are replaced: the later value, in the first's place.
  const fromRecord = (init) => {
    const map = new Map();
    for (const key of Reflect.ownKeys(init)) {
      if (!Object.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
      map.set(usvString(key), usvString(init[key]));
    }
    return [...map];
  };

  shared.URL = URL;
  shared.URLSearchParams = URLSearchParams;
};
