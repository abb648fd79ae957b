// Blob, File and the store behind blob: URLs.
(native, shared) => {
  const { usvString, domString, atLeast, dictionary, enumeration, clampedLongLong, longLong } = shared.idl;

  let blobBytes, blobOver;

  const isLineEnd = /\r\n|\r|\n/g;

  const concatenate = (chunks) => {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  };

  // Only printable ASCII makes a type; anything else makes none.
  const normalizedType = (type) => (/^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "");

  const partBytes = (part, endings) => {
    if (part instanceof Blob) return blobBytes(part);
    if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) return shared.bytesOf(part, "Blob");
    let text = usvString(part);
    if (endings === "native") text = text.replace(isLineEnd, "\n");
    return shared.utf8Encode(text);
  };

  class Blob {
    #bytes;
    #type;

    static {
      blobBytes = (blob) => blob.#bytes;
      blobOver = (bytes, type) => {
        const blob = new Blob();
        blob.#bytes = bytes;
        blob.#type = type;
        return blob;
      };
    }

    constructor(parts = undefined, options = {}) {
      let list = [];
      if (parts !== undefined) {
        if (typeof parts !== "object" && typeof parts !== "function" || parts === null) {
          throw new TypeError("Blob: the parts are a sequence");
        }
        if (typeof parts[Symbol.iterator] !== "function") throw new TypeError("Blob: the parts are a sequence");
        // Text is converted as it is met, so that what a later part does is seen in order.
        for (const part of parts) {
          list.push(part instanceof Blob || part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? part : usvString(part));
        }
      }
      const given = dictionary(options, "BlobPropertyBag");
      const endings = enumeration(given.endings ?? "transparent", ["transparent", "native"], "EndingType");
      const type = given.type === undefined ? "" : domString(given.type);
      this.#bytes = concatenate(list.map((part) => partBytes(part, endings)));
      this.#type = normalizedType(type);
    }

    get size() {
      return this.#bytes.length;
    }

    get type() {
      return this.#type;
    }

    slice(start = undefined, end = undefined, contentType = "") {
      const bytes = this.#bytes;
      const from = start === undefined ? 0 : clampedLongLong(start);
      const to = end === undefined ? bytes.length : clampedLongLong(end);
      const slice = new Blob();
      // A Blob never changes, so a slice shares the bytes. `subarray` counts from the end as slices do.
      slice.#bytes = bytes.subarray(from, to);
      slice.#type = normalizedType(domString(contentType));
      return slice;
    }

    stream() {
      const bytes = this.#bytes;
      return shared.streamOfBytes(bytes);
    }

    // Brand checks of promise operations reject, they don't throw.
    async text() {
      return shared.utf8Decode(this.#bytes);
    }

    async arrayBuffer() {
      return this.#bytes.slice().buffer;
    }

    async bytes() {
      return this.#bytes.slice();
    }
  }

  class File extends Blob {
    #name;
    #lastModified;

    constructor(parts, name, options = {}) {
      atLeast(arguments, 2, "File constructor");
      if (parts === undefined) throw new TypeError("File: the parts are a sequence");
      super(parts, options);
      this.#name = usvString(name);
      const given = dictionary(options, "FilePropertyBag");
      this.#lastModified = given.lastModified === undefined ? Date.now() : longLong(given.lastModified);
    }

    get name() {
      return this.#name;
    }

    get lastModified() {
      return this.#lastModified;
    }

    get webkitRelativePath() {
      this.#name;
      return "";
    }
  }

  // blob: URLs live as long as the page does, or until they are revoked.
  const store = new Map();

  shared.URL.createObjectURL = function createObjectURL(object) {
    atLeast(arguments, 1, "URL.createObjectURL");
    if (!(object instanceof Blob)) throw new TypeError("URL.createObjectURL: not a Blob");
    const url = `blob:${shared.origin()}/${shared.randomUUID()}`;
    store.set(url, object);
    return url;
  };

  shared.URL.revokeObjectURL = function revokeObjectURL(url) {
    atLeast(arguments, 1, "URL.revokeObjectURL");
    store.delete(usvString(url));
  };

  // The Blob behind a URL, whose fragment doesn't count; undefined if there is none.
  shared.blobOfUrl = (url) => store.get(url.split("#", 1)[0]);
  shared.blobBytes = (blob) => blobBytes(blob);
  // A Blob over bytes that nobody else will change, of a type that is kept as it is.
  shared.blobOver = blobOver;
  shared.concatenate = concatenate;
  shared.Blob = Blob;
  shared.File = File;
};
