// Timers and tasks. The host keeps the clock and calls back by number; what is to run stays here.
(native, shared) => {
  const { atLeast, domString } = shared.idl;
  const { page } = native;

  // What the host calls: `shared.dispatch(kind, id, value)`. The other files add theirs.
  shared.hostCalls = {};
  shared.dispatch = (kind, id, value) => {
    try {
      shared.hostCalls[kind](id, value);
    } catch (error) {
      shared.reportError(error);
    }
  };

  const steps = new Map();
  // How deep the timer that runs was set by timers: HTML slows deep nests down.
  let nesting = 0;
  let last = 0;

  const DEEP = 5;
  const SLOWED = 4;
  const MAX = 2 ** 31 - 1;

  const delayOf = (timeout) => {
    const delay = Number(timeout) | 0;
    return Math.max(delay, nesting > DEEP ? SLOWED : 0);
  };

  const start = (step, delay, repeats) => {
    last += 1;
    const id = last;
    steps.set(id, { step, delay, repeats, nesting: nesting + 1 });
    page.setTimer(id, delay);
    return id;
  };

  const stop = (id) => {
    if (steps.delete(id)) page.clearTimer(id);
  };

  shared.hostCalls.timer = (id) => {
    const timer = steps.get(id);
    if (!timer) return;
    nesting = timer.nesting;
    if (!timer.repeats) steps.delete(id);
    try {
      timer.step();
    } finally {
      // A step may have cleared its own timer.
      if (timer.repeats && steps.has(id)) {
        timer.nesting += 1;
        page.setTimer(id, delayOf(timer.delay));
      }
      nesting = 0;
    }
  };

  // Each points to the next: taking the first of many must not move the others.
  let first = null;
  let latest = null;
  shared.queueTask = (step) => {
    if (!page.queueTask()) return;
    const task = { step, next: null };
    if (first === null) first = task;
    else latest.next = task;
    latest = task;
  };
  shared.hostCalls.task = () => {
    const { step } = first;
    first = first.next;
    step();
  };

  shared.setTimeout = (step, delay) => start(step, Math.min(Math.max(delay, 0), MAX), false);
  shared.clearTimeout = stop;
  shared.now = () => performance.now();

  // The handler may be text, to be run as a script.
  const handlerStep = (handler, given) => {
    if (typeof handler === "function") return () => Reflect.apply(handler, globalThis, given);
    const text = domString(handler);
    return () => (0, eval)(text);
  };

  const set = (name, repeats) =>
    ({
      [name](handler, timeout = 0, ...given) {
        atLeast(arguments, 1, name);
        const step = handlerStep(handler, given);
        return start(step, delayOf(timeout), repeats);
      },
    })[name];

  shared.windowFunctions = {
    setTimeout: set("setTimeout", false),
    setInterval: set("setInterval", true),
    clearTimeout(id = 0) {
      stop(Number(id));
    },
    clearInterval(id = 0) {
      stop(Number(id));
    },
    queueMicrotask(callback) {
      atLeast(arguments, 1, "queueMicrotask");
      if (typeof callback !== "function") throw new TypeError("queueMicrotask: not a function");
      Promise.resolve().then(() => {
        try {
          callback();
        } catch (error) {
          shared.reportError(error);
        }
      });
    },
  };
};
