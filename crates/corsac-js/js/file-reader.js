// FileReader: a Blob read by events.
(native, shared) => {
  const { atLeast, eventHandlers } = shared.idl;

  const EMPTY = 0, LOADING = 1, DONE = 2;

  const charsetOf = (type) => /;[ \t]*charset="?([^";]+)/i.exec(type)?.[1];

  class FileReader extends shared.EventTarget {
    #state = EMPTY;
    #result = null;
    #error = null;
    // Counts reads: a task of an earlier one finds that it is too late.
    #turn = 0;

    get readyState() {
      return this.#state;
    }

    get result() {
      return this.#result;
    }

    get error() {
      return this.#error;
    }

    readAsArrayBuffer(blob) {
      atLeast(arguments, 1, "FileReader.readAsArrayBuffer");
      this.#read(blob, (bytes) => bytes.slice().buffer);
    }

    readAsBinaryString(blob) {
      atLeast(arguments, 1, "FileReader.readAsBinaryString");
      this.#read(blob, shared.isomorphic);
    }

    readAsText(blob, encoding = undefined) {
      atLeast(arguments, 1, "FileReader.readAsText");
      const label = encoding === undefined ? undefined : `${encoding}`;
      this.#read(blob, (bytes, type) => {
        const names = [label, charsetOf(type), "utf-8"].map((it) => it && native.encoding.name(it));
        return shared.decode(names.find(Boolean), bytes);
      });
    }

    readAsDataURL(blob) {
      atLeast(arguments, 1, "FileReader.readAsDataURL");
      this.#read(blob, (bytes, type) => `data:${type || "application/octet-stream"};base64,${btoa(shared.isomorphic(bytes))}`);
    }

    abort() {
      if (this.#state !== LOADING) {
        this.#result = null;
        return;
      }
      this.#state = DONE;
      this.#result = null;
      this.#turn += 1;
      this.#fire("abort", 0, 0);
      if (this.#state !== LOADING) this.#fire("loadend", 0, 0);
    }

    #fire(type, loaded, total) {
      this.dispatchEvent(new shared.ProgressEvent(type, { lengthComputable: total > 0, loaded, total }));
    }

    #read(blob, packageData) {
      if (this.#state === LOADING) throw new shared.DOMException("The reader is busy", "InvalidStateError");
      if (!(blob instanceof shared.Blob)) throw new TypeError("FileReader: not a Blob");
      const bytes = shared.blobBytes(blob);
      const { type } = blob;
      this.#state = LOADING;
      this.#result = null;
      this.#error = null;
      const turn = (this.#turn += 1);
      const size = bytes.length;
      const task = (step) =>
        shared.setTimeout(() => {
          if (this.#turn === turn) step();
        }, 0);
      task(() => {
        this.#fire("loadstart", 0, size);
        task(() => {
          if (size > 0) this.#fire("progress", size, size);
          task(() => {
            this.#state = DONE;
            this.#result = packageData(bytes, type);
            this.#fire("load", size, size);
            if (this.#state !== LOADING) this.#fire("loadend", size, size);
          });
        });
      });
    }

    static {
      for (const [name, value] of Object.entries({ EMPTY, LOADING, DONE })) {
        for (const place of [this, this.prototype]) Object.defineProperty(place, name, { value, enumerable: true });
      }
      eventHandlers(this, ["loadstart", "progress", "load", "abort", "error", "loadend"]);
    }
  }

  shared.FileReader = FileReader;
};
