// TextEncoder, TextDecoder and their streams. The tables are native.
(native, shared) => {
  const { usvString, dictionary } = shared.idl;

  // The bytes behind an ArrayBuffer or a view, without a copy.
  const bytesOf = (source, what) => {
    if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    if (source instanceof ArrayBuffer || isSharedBuffer(source)) return new Uint8Array(source);
    throw new TypeError(`${what}: neither an ArrayBuffer nor a view of one`);
  };

  const isSharedBuffer = (source) =>
    typeof SharedArrayBuffer === "function" && source instanceof SharedArrayBuffer;

  // A char for each byte: how bytes travel to native code, which may not look into buffers.
  const isomorphic = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192));
    }
    return text;
  };

  class TextEncoder {
    #brand = true;

    get encoding() {
      this.#brand;
      return "utf-8";
    }

    encode(input = "") {
      this.#brand;
      return native.encoding.utf8(usvString(input));
    }

    encodeInto(source, destination) {
      this.#brand;
      const text = usvString(source);
      if (!(destination instanceof Uint8Array)) throw new TypeError("encodeInto: the destination is no Uint8Array");
      let read = 0;
      let written = 0;
      for (const character of text) {
        const bytes = native.encoding.utf8(character);
        if (written + bytes.length > destination.length) break;
        destination.set(bytes, written);
        written += bytes.length;
        read += character.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #decode;

    constructor(label = "utf-8", options = {}) {
      const name = native.encoding.name(usvString(label));
      const given = dictionary(options, "TextDecoderOptions");
      if (name === undefined) throw new RangeError(`TextDecoder: there is no encoding "${label}"`);
      this.#encoding = name;
      this.#fatal = Boolean(given.fatal);
      this.#ignoreBOM = Boolean(given.ignoreBOM);
      this.#decode = native.encoding.decoder(name, this.#fatal, this.#ignoreBOM);
    }

    get encoding() {
      return this.#encoding;
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(input = undefined, options = {}) {
      const decode = this.#decode;
      const bytes = input === undefined ? new Uint8Array() : bytesOf(input, "TextDecoder.decode");
      const stream = Boolean(dictionary(options, "TextDecodeOptions").stream);
      const text = decode(isomorphic(bytes), stream);
      if (text === undefined) throw new TypeError(`TextDecoder: not valid ${this.#encoding}`);
      return text;
    }
  }

  // All at once, errors replaced, a BOM of the encoding removed.
  const decode = (name, bytes) => native.encoding.decoder(name, false, false)(isomorphic(bytes), false);

  shared.bytesOf = bytesOf;
  shared.isomorphic = isomorphic;
  shared.decode = decode;
  // What a body or a reader makes of bytes: UTF-8, a BOM removed, errors replaced.
  shared.utf8Decode = (bytes) => decode("utf-8", bytes);
  shared.utf8Encode = (text) => native.encoding.utf8(text);
  shared.TextEncoder = TextEncoder;
  shared.TextDecoder = TextDecoder;
};
