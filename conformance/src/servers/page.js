// The page that runs scenarios, in a window or, sandboxed, in a frame of it.
//
// `corsac.run(items, width)` has so many items in flight and gives, for each, the views of its calls,
// in their order. An item is what `servers::page::Item` says. Nothing here knows CORS.
"use strict";

const PATIENCE = 10_000;

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- what a script can give as a body ----

const bodies = {
  none: () => null,
  text: ({ text }) => text,
  "url-encoded": ({ text }) => new URLSearchParams([[text, text]]),
  "form-data": ({ text }) => {
    const form = new FormData();
    form.append(text, text);
    return form;
  },
  blob: ({ text, mime }) => new Blob([text], { type: mime }),
  buffer: ({ length }) => new ArrayBuffer(length),
  stream: ({ text }) =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    }),
};

// A browser that does not know streams as bodies makes a string of one.
const knowsStreams = (() => {
  let asked = false;
  try {
    const request = new Request(location.href, {
      method: "POST",
      body: new ReadableStream(),
      get duplex() {
        asked = true;
        return "half";
      },
    });
    return asked && !request.headers.has("content-type");
  } catch {
    return false;
  }
})();

const isomorphic = (buffer) => {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return text;
};

// ---- by what a script can call ----

async function byFetch(call, url) {
  if (call.body.kind === "stream" && !knowsStreams) return { end: "unsupported" };
  const patience = new AbortController();
  let request;
  try {
    const init = {
      method: call.method,
      headers: call.headers,
      body: bodies[call.body.kind](call.body),
      credentials: call.credentials,
      mode: call.mode,
      redirect: call.redirect,
      signal: patience.signal,
      keepalive: call.keepalive,
    };
    if (call.cache) init.cache = call.cache;
    if (call.body.kind === "stream") init.duplex = "half";
    if (call["referrer-policy"] != null) init.referrerPolicy = call["referrer-policy"];
    request = new Request(url, init);
  } catch {
    // fetch() would have rejected, as it does for a network error.
    return { end: "rejected" };
  }
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(request);
    const view = {
      end: "resolved",
      type: response.type,
      status: response.status,
      "status-text": response.statusText,
      url: response.url,
      redirected: response.redirected,
      headers: [...response.headers],
    };
    // A body that breaks off is not a refusal: the response was there.
    view.body = await response.arrayBuffer().then(isomorphic, () => null);
    return view;
  } catch {
    return { end: patience.signal.aborted ? "timed-out" : "rejected" };
  } finally {
    clearTimeout(timer);
  }
}

const XHR_EVENTS = ["loadstart", "progress", "load", "error", "abort", "timeout", "loadend"];

function byXhr(call, url) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const events = [];
    const note = (upload) => (event) => {
      const seen = { upload, type: event.type, "ready-state": xhr.readyState };
      if (event instanceof ProgressEvent) {
        seen.bytes = [event.loaded, event.lengthComputable ? event.total : 0];
      }
      events.push(seen);
    };
    const end = (how) => {
      const view = { end: how, status: xhr.status, "status-text": xhr.statusText, events };
      view.url = xhr.responseURL;
      const lines = xhr.getAllResponseHeaders().split("\r\n").filter(Boolean);
      view.headers = lines.map((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      });
      if (how === "resolved") view.body = isomorphic(xhr.response ?? new ArrayBuffer(0));
      resolve(view);
    };
    let timer;
    try {
      xhr.open(call.method, url);
      for (const [name, value] of call.headers) xhr.setRequestHeader(name, value);
      xhr.responseType = "arraybuffer";
      xhr.withCredentials = call.credentials === "include";
      xhr.timeout = call.timeout;
      xhr.addEventListener("readystatechange", note(false));
      for (const type of XHR_EVENTS) {
        xhr.addEventListener(type, note(false));
        if (call["upload-listener"]) xhr.upload.addEventListener(type, note(true));
      }
      const ends = { load: "resolved", error: "rejected", abort: "timed-out", timeout: "timed-out" };
      let how = "rejected";
      for (const type in ends) xhr.addEventListener(type, () => (how = ends[type]));
      xhr.addEventListener("loadend", () => {
        clearTimeout(timer);
        end(how);
      });
      xhr.send(bodies[call.body.kind](call.body));
      timer = setTimeout(() => xhr.abort(), call["abort-after"]);
    } catch {
      resolve({ end: "refused" });
    }
  });
}

function crossOrigin(element, call) {
  if (call.mode === "no-cors") return;
  element.crossOrigin = call.credentials === "include" ? "use-credentials" : "anonymous";
}

function ended(element) {
  return new Promise((resolve) => {
    element.onload = () => resolve({ end: "resolved" });
    element.onerror = () => resolve({ end: "rejected" });
    setTimeout(() => resolve({ end: "timed-out" }), PATIENCE);
  });
}

function byImage(call, url) {
  const image = new Image();
  crossOrigin(image, call);
  if (call["referrer-policy"] != null) image.referrerPolicy = call["referrer-policy"];
  const end = ended(image);
  image.src = url;
  return end;
}

async function byModuleScript(call, url) {
  const script = document.createElement("script");
  script.type = "module";
  crossOrigin(script, call);
  if (call["referrer-policy"] != null) script.referrerPolicy = call["referrer-policy"];
  const end = ended(script);
  script.src = url;
  document.head.append(script);
  const view = await end;
  script.remove();
  return view;
}

async function byFont(call, url) {
  const font = new FontFace("corsac", `url(${JSON.stringify(url)})`);
  const patience = later(PATIENCE).then(() => ({ end: "timed-out" }));
  const loaded = font.load().then(
    () => ({ end: "resolved" }),
    () => ({ end: "rejected" }),
  );
  return Promise.race([loaded, patience]);
}

const apis = {
  fetch: byFetch,
  xhr: byXhr,
  image: byImage,
  "module-script": byModuleScript,
  font: byFont,
};

// ---- items ----

// What a call does not say.
const USUAL = {
  api: "fetch",
  method: "GET",
  headers: [],
  body: { kind: "none" },
  credentials: "same-origin",
  mode: "cors",
  redirect: "follow",
  "upload-listener": false,
  keepalive: false,
  timeout: 0,
  "abort-after": PATIENCE,
  wait: 0,
};

// What only the console is asked about: nothing catches what it throws.
function byScript(script, urls) {
  return new Promise((resolve) => {
    setTimeout(resolve, 1000);
    setTimeout(async () => {
      try {
        await new Function("r", `return ${script}`)(urls);
      } finally {
        resolve();
      }
    });
  });
}

async function runHere({ cookies, calls, script, urls }) {
  for (const url of cookies) {
    await fetch(url, { mode: "no-cors", credentials: "include" }).catch(() => null);
  }
  const views = [];
  for (const call of calls.map((call) => ({ ...USUAL, ...call }))) {
    if (call.wait) await later(call.wait);
    views.push(await apis[call.api](call, call.url));
  }
  if (script) await byScript(script, urls);
  return views;
}

// ---- the sandboxed frame ----

const isFrame = window !== window.top;

if (isFrame) {
  addEventListener("message", async ({ data, source }) => {
    source.postMessage({ id: data.id, views: await runHere(data.item) }, "*");
  });
}

const frame = {
  waiting: new Map(),
  ready: null,
  open() {
    this.ready ??= new Promise((resolve) => {
      addEventListener("message", ({ data }) => {
        this.waiting.get(data.id)?.(data.views);
        this.waiting.delete(data.id);
      });
      const element = document.createElement("iframe");
      element.sandbox = "allow-scripts";
      element.src = "/frame";
      element.onload = () => resolve(element.contentWindow);
      document.body.append(element);
    });
    return this.ready;
  },
  async run(item) {
    const target = await this.open();
    const id = item.key;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      target.postMessage({ id, item }, "*");
    });
  },
};

const runOne = (item) => (item.opaque ? frame.run(item) : runHere(item));

// A browser keeps sockets to the page's server ready. One that is reset as it is first used is not
// worth a word to it, and it takes another; so nothing that counts goes by these.
const useUpWhatIsReady = () =>
  Promise.all(Array.from({ length: 4 }, () => fetch(location.href, { cache: "no-store" })));

async function run(items, width) {
  await useUpWhatIsReady().catch(() => {});
  const views = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const place = next++;
      views[place] = await runOne(items[place]);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return views;
}

window.corsac = { run };

// Where no driver can listen to the console, the URL's fragment says what to run, and the console in
// between says where each item begins.
async function runAloud(items) {
  for (const item of items) {
    console.log(`corsac begins ${item.key}`);
    await runOne(item);
    await later(100);
  }
  console.log("corsac ends");
}

if (!isFrame && location.hash) runAloud(JSON.parse(decodeURIComponent(location.hash.slice(1))));
