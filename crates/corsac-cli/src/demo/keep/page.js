// Plays the scenes in this browser. What is predicted came from corsac; what is sent and compared is
// the browser's own doing.
"use strict";

// ---- asking ----

async function ask({ method, url, headers, body }) {
  try {
    const response = await fetch(url, { method, headers, body: body || undefined });
    return { readable: true, text: `${response.status} ${(await response.text()).trim()}` };
  } catch (error) {
    return { readable: false, text: String(error) };
  }
}

function askByXhr(url) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", url);
    xhr.onload = () => resolve({ readable: true, text: `load, status ${xhr.status}` });
    xhr.onerror = () =>
      resolve({
        readable: false,
        text: `error event, status ${xhr.status}, headers "${xhr.getAllResponseHeaders()}", body "${xhr.responseText}"`,
      });
    xhr.send();
  });
}

// A page of another site asks in a frame.
const frames = new Map();

function frameOf(origin) {
  if (!frames.has(origin)) {
    frames.set(
      origin,
      new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.hidden = true;
        frame.title = `a page of ${origin}`;
        frame.onload = () => resolve(frame.contentWindow);
        frame.src = `${origin}/frame`;
        document.body.append(frame);
      }),
    );
  }
  return frames.get(origin);
}

async function askFrom(page, what) {
  const origin = new URL(page).origin;
  if (origin === location.origin) return ask(what);
  const target = await frameOf(origin);
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => resolve(data);
    target.postMessage(what, origin, [channel.port2]);
  });
}

if (window !== window.top) {
  addEventListener("message", async ({ data, ports }) => ports[0].postMessage(await ask(data)));
}

// ---- showing ----

const make = (tag, { className, text } = {}, ...children) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
};

const cell = (label, word, isGood) =>
  make("span", { className: "cell" }, make("small", { text: label }), make("span", {
    className: isGood ? "good" : "bad",
    text: word,
  }));

const word = (readable) => (readable ? "✓ readable" : "✕ blocked");

const isOfCors = (line) => /^(origin|access-control-[a-z-]+|content-type|vary):/i.test(line);

function shown(exchange) {
  const pre = make("pre");
  for (const [sign, lines] of [["→", exchange.sent], ["←", exchange.received]]) {
    lines.forEach((line, place) => {
      const isPoint = place === 0 || isOfCors(line);
      pre.append(make(isPoint ? "b" : "span", { className: isPoint ? "" : "rest", text: `${sign} ${line}\n` }));
    });
  }
  return pre;
}

async function exchangesOf(id) {
  const response = await fetch(`/exchanges?${id}`);
  return response.json();
}

let nextId = 0;

// One line, and what unfolds from it. True if it came as predicted.
async function line(section, { page, method, url, headers, body, readable, code, title, sent }, how) {
  const id = `ask=${Date.now().toString(36)}-${nextId++}`;
  const what = { method, url: `${url}?${id}`, headers, body };
  const came = how ? await how(what.url) : await askFrom(page, what);
  const exchanges = await exchangesOf(id);
  const methods = exchanges.map((exchange) => exchange.method);
  const asTold = came.readable === readable && String(methods) === String(sent);
  const path = new URL(url);
  const from = new URL(page).host.split(".")[0];
  const isOtherPort = path.hostname === location.hostname && path.port !== location.port;
  const site = path.host.split(".")[0] + (isOtherPort ? ", another port, " : "");
  const name = `${method} ${site}${path.pathname}`;
  const label = from === "sitea" ? name : `${name}, from ${from}`;
  const details = make(
    "details",
    { className: asTold ? "" : "differs" },
    make(
      "summary",
      {},
      make("span", { className: "ask", text: how ? `${label}, by ${how.label}` : label }),
      cell("corsac predicts", word(readable), readable),
      cell(asTold ? "your browser: the same" : "your browser differs", word(came.readable), came.readable),
    ),
  );
  if (code) details.append(make("p", { className: "why" }, make("b", { text: code }), `: ${title}`));
  details.append(make("p", { className: "why", text: `The script got: ${came.text}` }));
  if (!asTold) {
    const text = `Predicted to be sent: ${sent.join(", ")}. Sent: ${methods.join(", ") || "nothing"}.`;
    details.append(make("p", { className: "why bad", text }));
  }
  details.append(...exchanges.map(shown));
  section.append(details);
  return asTold;
}

// Where a scene is about how a script asks.
const byName = {
  xhr: Object.assign((url) => askByXhr(url), { label: "XMLHttpRequest" }),
  fetch: Object.assign((url) => ask({ method: "GET", url }), { label: "fetch()" }),
};

async function play() {
  const scenes = await (await fetch("/scenes")).json();
  let [lines, same, told] = [0, 0, 0];
  for (const scene of scenes) {
    const heading = make("h2", {}, make("span", { className: "id", text: scene.id }), scene.title);
    const section = make("section", {}, heading, make("p", { text: scene.says }));
    document.getElementById("scenes").append(section);
    for (const it of scene.asks) {
      if (it.page.startsWith("https:")) {
        told++;
        section.append(
          make("div", { className: "told" }, make("span", { className: "ask", text: `${it.method} from ${it.page}` }),
            make("span", { text: `told, not run: this page is http. ${it.title}` })),
        );
        continue;
      }
      lines++;
      if (await line(section, it, byName[it.by])) same++;
    }
  }
  const sum = document.getElementById("sum");
  sum.textContent = `${same} of ${lines} as predicted; ${told} told, not run.`;
  sum.className = same === lines ? "good" : "bad";
  document.documentElement.dataset.done = "";
}

if (window === window.top) play();
