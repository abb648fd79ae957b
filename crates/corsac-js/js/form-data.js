// FormData, and multipart/form-data in both directions.
(native, shared) => {
  const { usvString, atLeast, defineIterable } = shared.idl;
  const { Blob, File } = shared;

  let entriesOf;

  // What FormData keeps: text, or a File.
  const entryValue = (value, filename, given) => {
    if (!(value instanceof Blob)) {
      if (given) throw new TypeError("FormData: only a Blob has a file name");
      return usvString(value);
    }
    if (value instanceof File && !given) return value;
    const name = given ? usvString(filename) : "blob";
    const lastModified = value instanceof File ? value.lastModified : undefined;
    return new File([value], name, { type: value.type, lastModified });
  };

  class FormData {
    #entries = [];

    static {
      entriesOf = (form) => form.#entries;
    }

    constructor(form = undefined) {
      // Forms and submitters are elements, and there are none here.
      if (form !== undefined) throw new TypeError("FormData constructor: not an HTMLFormElement");
    }

    append(name, value, filename = undefined) {
      const entries = this.#entries;
      atLeast(arguments, 2, "FormData.append");
      entries.push([usvString(name), entryValue(value, filename, arguments.length > 2 && filename !== undefined)]);
    }

    delete(name) {
      const entries = this.#entries;
      atLeast(arguments, 1, "FormData.delete");
      const gone = usvString(name);
      this.#entries = entries.filter(([other]) => other !== gone);
    }

    get(name) {
      const entries = this.#entries;
      atLeast(arguments, 1, "FormData.get");
      const wanted = usvString(name);
      return entries.find(([other]) => other === wanted)?.[1] ?? null;
    }

    getAll(name) {
      const entries = this.#entries;
      atLeast(arguments, 1, "FormData.getAll");
      const wanted = usvString(name);
      return entries.filter(([other]) => other === wanted).map(([, value]) => value);
    }

    has(name) {
      const entries = this.#entries;
      atLeast(arguments, 1, "FormData.has");
      const wanted = usvString(name);
      return entries.some(([other]) => other === wanted);
    }

    set(name, value, filename = undefined) {
      const entries = this.#entries;
      atLeast(arguments, 2, "FormData.set");
      const entry = [usvString(name), entryValue(value, filename, arguments.length > 2 && filename !== undefined)];
      const at = entries.findIndex(([other]) => other === entry[0]);
      if (at === -1) {
        entries.push(entry);
        return;
      }
      entries[at] = entry;
      this.#entries = entries.filter(([other], index) => index <= at || other !== entry[0]);
    }

    static {
      defineIterable(FormData, "FormData", (form) => form.#entries);
    }
  }

  // Names and file names are quoted strings: what would end one is percent-encoded.
  const quoted = (text) => text.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
  const crlf = (text) => text.replace(/\r\n|\r|\n/g, "\r\n");

  // { bytes, boundary }
  const encodeMultipart = (form) => {
    const boundary = `----corsac${shared.randomUUID().replace(/-/g, "")}`;
    const chunks = [];
    for (const [name, value] of entriesOf(form)) {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(crlf(name))}"`;
      if (typeof value === "string") {
        chunks.push(shared.utf8Encode(`${head}\r\n\r\n${crlf(value)}\r\n`));
      } else {
        const type = value.type || "application/octet-stream";
        chunks.push(shared.utf8Encode(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`));
        chunks.push(shared.blobBytes(value), shared.utf8Encode("\r\n"));
      }
    }
    chunks.push(shared.utf8Encode(`--${boundary}--\r\n`));
    return { bytes: shared.concatenate(chunks), boundary };
  };

  // What looks like a BOM is a character of the form's.
  const decodeKeepingBom = (bytes) => native.encoding.decoder("utf-8", false, true)(shared.isomorphic(bytes), false);

  // The parameters of a Content-Disposition by their names in lower case; a value is a token or quoted.
  const parametersOf = (disposition) => {
    const found = new Map();
    const pattern = /[ \t]*;[ \t]*([^\s;="]+)=(?:"([^"]*)"|([^\s;"]*))/gy;
    pattern.lastIndex = "form-data".length;
    for (let match = pattern.exec(disposition); match !== null; match = pattern.exec(disposition)) {
      const [, name, quotedValue, token] = match;
      const bytes = Uint8Array.from(quotedValue ?? token, (char) => char.charCodeAt(0));
      const value = decodeKeepingBom(bytes).replace(/%0A/gi, "\n").replace(/%0D/gi, "\r").replace(/%22/g, '"');
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
    }
    return found;
  };

  // A FormData, or undefined where the bytes are not what the boundary promises.
  const parseMultipart = (bytes, boundary) => {
    // Structure is searched for as text.
    const text = shared.isomorphic(bytes);
    const dash = `--${boundary}`;
    const form = new FormData();
    if (!text.startsWith(dash)) return undefined;
    let at = dash.length;
    for (;;) {
      if (text.startsWith("--", at)) return form;
      if (!text.startsWith("\r\n", at)) return undefined;
      at += 2;
      let disposition = null;
      let type = "text/plain";
      for (;;) {
        const end = text.indexOf("\r\n", at);
        if (end === -1) return undefined;
        if (end === at) break;
        const line = text.slice(at, end);
        const colon = line.indexOf(":");
        if (colon < 1) return undefined;
        const header = line.slice(0, colon).toLowerCase();
        const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "");
        if (header === "content-disposition") disposition = value;
        if (header === "content-type") type = value;
        at = end + 2;
      }
      at += 2;
      const end = text.indexOf(`\r\n${dash}`, at);
      if (end === -1 || disposition === null || !/^form-data[ \t]*(;|$)/i.test(disposition)) return undefined;
      const parameters = parametersOf(disposition);
      const name = parameters.get("name");
      if (name === undefined) return undefined;
      const body = bytes.slice(at, end);
      const filename = parameters.get("filename");
      form.append(name, filename === undefined ? decodeKeepingBom(body) : new File([body], filename, { type }));
      at = end + 2 + dash.length;
    }
  };

  // application/x-www-form-urlencoded
  const parseUrlencoded = (bytes) => {
    const form = new FormData();
    for (const [name, value] of new shared.URLSearchParams(`?${decodeKeepingBom(bytes)}`)) form.append(name, value);
    return form;
  };

  shared.encodeMultipart = encodeMultipart;
  shared.parseMultipart = parseMultipart;
  shared.parseUrlencoded = parseUrlencoded;
  shared.FormData = FormData;
};
