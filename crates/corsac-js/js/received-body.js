// What came of a body, as bytes and as text. Text is decoded as it comes: asking often costs nothing.
(native, shared) => {
  // Source: https://encoding.spec.whatwg.org/#bom-sniff
  const sniff = (bytes) => {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
    return null;
  };

  // The encoding that an XML declaration names.
  const declared = (bytes) => {
    const label = /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(shared.isomorphic(bytes.subarray(0, 1024)))?.[1];
    const name = label === undefined ? undefined : native.encoding.name(label);
    // What could be read so far is not two bytes wide.
    return name?.startsWith("utf-16") ? "utf-8" : name ?? null;
  };

  // So much is enough to tell by.
  const ENOUGH = 1024;

  shared.ReceivedBody = class ReceivedBody {
    #chunks = [];
    #length = 0;
    #decode = null;
    #decoded = 0;
    #text = "";
    #isWhole = false;

    get length() {
      return this.#length;
    }

    push(chunk) {
      if (chunk.length === 0) return;
      this.#chunks.push(chunk);
      this.#length += chunk.length;
    }

    // One chunk from then on.
    bytes() {
      if (this.#chunks.length !== 1) {
        this.#chunks = [shared.concatenate(this.#chunks)];
        if (this.#decoded > 0) this.#decoded = 1;
      }
      return this.#chunks[0];
    }

    // `encoding` is what was said of it, or null; `isXml` has the text itself asked.
    text(encoding, isXml, isWhole) {
      if (this.#isWhole) return this.#text;
      if (this.#decode === null) {
        const bytes = this.bytes();
        const name = sniff(bytes) ?? encoding ?? (isXml ? declared(bytes) : null) ?? "utf-8";
        // As long as more could change the answer, nothing is kept.
        if (!isWhole && bytes.length < ENOUGH) return native.encoding.decoder(name, false, false)(shared.isomorphic(bytes), true);
        this.#decode = native.encoding.decoder(name, false, false);
      }
      for (; this.#decoded < this.#chunks.length; this.#decoded += 1) {
        this.#text += this.#decode(shared.isomorphic(this.#chunks[this.#decoded]), true);
      }
      if (isWhole) {
        this.#text += this.#decode("", false);
        this.#isWhole = true;
      }
      return this.#text;
    }
  };
};
