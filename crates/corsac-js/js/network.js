// Fetches, by the host. Whatever the protocol decides is decided there; this is who is called back.
(native, shared) => {
  const { page } = native;

  shared.baseUrl = () => page.url;
  shared.origin = () => page.origin;
  shared.isSecureContext = page.isSecureContext;

  // By number, who hears of a fetch.
  const open = new Map();
  let last = 0;

  shared.hostCalls.uploaded = (id) => open.get(id)?.uploaded();
  shared.hostCalls.response = (id, record) => open.get(id)?.response(record);
  shared.hostCalls.chunk = (id, bytes) => open.get(id)?.chunk(bytes);
  shared.hostCalls.end = (id) => {
    const callbacks = open.get(id);
    open.delete(id);
    callbacks?.end();
  };
  shared.hostCalls.error = (id, reason) => {
    const callbacks = open.get(id);
    open.delete(id);
    callbacks?.error(reason);
  };

  const localRecord = (url, type, length) => {
    const headers = [];
    if (length !== undefined) headers.push("Content-Length", `${length}`);
    if (type !== "") headers.push("Content-Type", type);
    return { type: "basic", url: url.split("#", 1)[0], redirected: false, status: 200, statusText: "OK", headers, hasBody: true };
  };

  // What a URL holds that no server is asked for: a response and its body, null for a network error,
  // undefined for all other URLs.
  // Source: https://fetch.spec.whatwg.org/#scheme-fetch
  const local = ({ url, method }) => {
    if (url.startsWith("data:")) {
      const data = native.mime.dataUrl(url);
      if (!data) return null;
      const hasBody = method !== "HEAD";
      return { record: { ...localRecord(url, data.type), hasBody }, body: hasBody ? data.bytes : new Uint8Array() };
    }
    if (url.startsWith("blob:")) {
      const blob = shared.blobOfUrl(url);
      if (!blob || method !== "GET") return null;
      const body = shared.blobBytes(blob);
      return { record: localRecord(url, blob.type, body.length), body: body.slice() };
    }
    if (!/^https?:/.test(url)) return null;
    return undefined;
  };

  const startLocal = (id, answer, isUpload) => {
    const call = (kind, value) => shared.queueTask(() => shared.hostCalls[kind](id, value));
    if (answer === null) {
      call("error", "network");
      return;
    }
    if (isUpload) call("uploaded");
    call("response", answer.record);
    if (answer.body.length > 0) call("chunk", answer.body);
    call("end");
  };

  shared.network = {
    start: (request, callbacks) => {
      last += 1;
      const id = last;
      open.set(id, callbacks);
      const answer = local(request);
      const isSent = answer === undefined && page.fetch(id, request, request.body === null ? null : shared.isomorphic(request.body));
      if (!isSent) startLocal(id, answer ?? null, request.body !== null);
      return () => {
        if (open.delete(id) && isSent) page.abort(id);
      };
    },

    sync: (request, timeout) => {
      const answer = local(request);
      if (answer === null) return { uploaded: false, error: "network", response: null, body: null };
      if (answer) return { uploaded: request.body !== null, error: null, response: answer.record, body: answer.body };
      last += 1;
      return page.fetchSync(last, request, request.body === null ? null : shared.isomorphic(request.body), timeout);
    },
  };
};
