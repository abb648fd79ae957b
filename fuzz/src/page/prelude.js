// What the generated scripts are made of: `poke()` runs one of `acts`, from wherever it is called;
// `watch()` holds what a request tells against the Standard.
"use strict";
// Not by names that scripts can change.
const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { debug } = console;
const { fromCharCode } = String;
const Xhr = XMLHttpRequest, Bytes = Uint8Array, ThePromise = Promise;
const then = (promise, done, failed) => apply(ThePromise.prototype.then, promise, [done, failed]);

const acts = [];
const pool = [];
const watched = [];
const unsettled = new Set();
let left = 60;
let depth = 0;
let next = 0;

const broken = (what) => debug("broken: " + what);
const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

// Runs the next act; what it throws ends it.
const poke = () => {
  if (left === 0 || acts.length === 0) return;
  left -= 1;
  if (depth === 3) return;
  depth += 1;
  try {
    acts[next++ % acts.length]();
  } catch {
  } finally {
    depth -= 1;
  }
};

// Whatever script gets to see is told.
const saw = (value) => {
  if (typeof value === "string") debug("saw: " + value.slice(0, 500));
  try {
    const buffer = value instanceof ArrayBuffer ? value : value?.buffer instanceof ArrayBuffer ? value.buffer : null;
    if (buffer) debug("saw: " + apply(fromCharCode, null, new Bytes(buffer).subarray(0, 500)));
  } catch {}
  return value;
};

// Keeps an object for later, and what a promise comes to.
const keep = (value) => {
  saw(value);
  if (!isObject(value)) return value;
  if (pool.length < 64) pool.push(value);
  try {
    if (value instanceof ThePromise) then(value, keep, saw);
    if (watches && value instanceof Xhr && !watched.includes(value)) watch(value);
  } catch {}
  return value;
};

// The object of a class that was kept at some place, or a new one.
const of = (name, place, ...given) => {
  const Class = globalThis[name];
  const all = pool.filter((value) => value instanceof Class);
  return all.length > 0 && place % 4 !== 3 ? all[place % all.length] : keep(new Class(...given));
};

// Reads every attribute that an object has.
const look = (object) => {
  for (let from = object, steps = 0; isObject(from) && steps < 4; from = getPrototypeOf(from), steps += 1) {
    for (const key of ownKeys(from).slice(0, 40)) {
      try {
        if (getOwnPropertyDescriptor(from, key)?.get) keep(object[key]);
      } catch {}
    }
  }
  try {
    if (object instanceof Xhr) saw(object.getAllResponseHeaders());
  } catch {}
  return object;
};

// A promise that has to be settled when the page is idle.
const settles = (what, promise) => {
  const mark = { what };
  unsettled.add(mark);
  const done = (value) => {
    unsettled.delete(mark);
    return value;
  };
  return then(promise, done, done);
};

// Whether a fetch with these can't be held up by script: streams of its own may never end.
const mayNotHang = (input, init) => {
  if (typeof input !== "string") return false;
  if (!isObject(init)) return true;
  try {
    const keys = ownKeys(init);
    if (getPrototypeOf(init) !== Object.prototype || keys.length === 0) return false;
    return keys.every((key) => {
      const { value, get } = getOwnPropertyDescriptor(init, key);
      return get === undefined && (key !== "body" || typeof value === "string" || ArrayBuffer.isView(value));
    });
  } catch {
    return false;
  }
};

const ask = (input, init) => {
  const isSettled = mayNotHang(input, init);
  const fetched = fetch(input, init);
  if (isSettled) {
    const read = (response) => {
      if (response instanceof Response) keep(settles("the text of a response", response.clone().text()));
    };
    then(settles("fetch of " + input, fetched), read, saw);
  }
  return keep(fetched);
};

// The events of a request come in the Standard's order.
const watch = (request) => {
  // The states since it was last opened; opening what is open already tells nobody.
  let states = "";
  let told = 0;
  const ended = [0, 0];
  const name = "request " + watched.length + ": ";
  watched.push(request);
  const listen = (target, type, hear) => {
    // Captures, so that it is the first to hear.
    target.addEventListener(type, (event) => { if (event.isTrusted) hear(event); }, true);
  };
  listen(request, "readystatechange", () => {
    const state = request.readyState;
    if (![1, 2, 3, 4].includes(state)) broken(name + "readystatechange in state " + state);
    if (state === 1) {
      states = "";
      told = 0;
    }
    states += state;
    if (!/^1?(23*)?4?$/.test(states)) broken(name + "states " + states);
  });
  listen(request, "progress", ({ loaded }) => {
    if (!/[23]$/.test(states)) broken(name + "progress after states " + states);
    if (loaded < told) broken(name + "progress " + loaded + " after " + told);
    told = loaded;
  });
  listen(request, "load", () => {
    if (!states.endsWith("4") || request.readyState !== 4) broken(name + "load in state " + request.readyState + " after states " + states);
  });
  const targets = watchesUploads ? [request, request.upload] : [request];
  targets.forEach((target, at) => {
    for (const type of ["load", "error", "abort", "timeout"]) listen(target, type, () => { ended[at] += 1; });
    listen(target, "loadend", () => {
      ended[at] -= 1;
      if (ended[at] < 0) broken(name + "loadend before the end");
    });
  });
};

// What holds when nothing is left that could come.
const check = () => {
  for (const { what } of unsettled) broken(what + " is not settled");
  watched.forEach((request, at) => {
    if (![0, 1, 4].includes(request.readyState)) broken("request " + at + ": idle in state " + request.readyState);
  });
};
