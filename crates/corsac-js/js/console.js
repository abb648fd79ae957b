// console: each call becomes one line of text, as the console of developer tools shows it.
(native, shared) => {
  const { page } = native;
  const DEPTH = 2;
  const ITEMS = 100;

  const isIdentifier = (text) => /^[A-Za-z_$][\w$]*$/.test(text);

  const quoted = (text) => {
    const plain = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
    return `'${plain.replaceAll("'", "\\'")}'`;
  };

  const errorText = (error) => {
    const head = `${error}`;
    const stack = typeof error.stack === "string" ? error.stack.trimEnd() : "";
    return stack === "" ? head : `${head}\n${stack}`;
  };

  const nameOf = (object) => {
    const prototype = Object.getPrototypeOf(object);
    if (prototype === null) return "[Object: null prototype]";
    const tag = object[Symbol.toStringTag];
    const { constructor } = prototype;
    const name = typeof constructor === "function" ? constructor.name : "";
    return typeof tag === "string" && tag !== "" ? tag : name || "Object";
  };

  const some = (list, show) => {
    const shown = list.slice(0, ITEMS).map(show);
    if (list.length > ITEMS) shown.push(`… ${list.length - ITEMS} more`);
    return shown;
  };

  // Getters of objects are not run: showing a thing must not change it. Those of our own classes are.
  const properties = (object, show) => {
    const names = Object.keys(object);
    const prototype = Object.getPrototypeOf(object);
    const isOurs = prototype !== null && shared[prototype.constructor?.name] === prototype.constructor;
    if (isOurs) {
      for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) if (get) names.push(name);
    }
    return some(names, (name) => {
      const own = Object.getOwnPropertyDescriptor(object, name);
      const key = isIdentifier(name) ? name : quoted(name);
      if (own?.get) return `${key}: [Getter]`;
      let value;
      try {
        value = object[name];
      } catch {
        return `${key}: [Getter]`;
      }
      return `${key}: ${show(value)}`;
    });
  };

  const inspect = (value, depth = DEPTH, seen = []) => {
    if (typeof value === "string") return quoted(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "function") {
      const what = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
      return `[${what}${value.name ? `: ${value.name}` : " (anonymous)"}]`;
    }
    if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
    if (seen.includes(value)) return "[Circular]";
    if (value instanceof Error) return errorText(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (depth < 0) return Array.isArray(value) ? `Array(${value.length})` : `{…}`;
    const show = (item) => inspect(item, depth - 1, [...seen, value]);
    if (Array.isArray(value)) return `[${value.length === 0 ? "" : ` ${some(value, show).join(", ")} `}]`;
    const name = nameOf(value);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return `${name}(${value.length}) [${some([...value.subarray(0, ITEMS)], String).join(", ")}${value.length > ITEMS ? ", …" : ""}]`;
    }
    if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
    if (value instanceof Map) return `Map(${value.size}) {${some([...value], ([key, item]) => `${show(key)} => ${show(item)}`).join(", ")}}`;
    if (value instanceof Set) return `Set(${value.size}) {${some([...value], show).join(", ")}}`;
    if (value instanceof Promise) return "Promise {}";
    if (shared.Headers && value instanceof shared.Headers) {
      return `Headers { ${some([...value], ([key, item]) => `${isIdentifier(key) ? key : quoted(key)}: ${quoted(item)}`).join(", ")} }`;
    }
    const inside = properties(value, show);
    const body = inside.length === 0 ? "{}" : `{ ${inside.join(", ")} }`;
    return name === "Object" ? body : `${name} ${body}`;
  };

  const safely = (value, depth) => {
    try {
      return inspect(value, depth);
    } catch {
      // A proxy or a getter in the way.
      return "[Object]";
    }
  };

  const plain = (value) => (typeof value === "string" ? value : safely(value));

  // Source: https://console.spec.whatwg.org/#formatter
  const format = (given) => {
    const [first, ...rest] = given;
    if (typeof first !== "string") return given.map(plain).join(" ");
    const text = first.replace(/%[sdifoOc%]/g, (directive) => {
      if (directive === "%%") return "%";
      if (rest.length === 0) return directive;
      const value = rest.shift();
      switch (directive) {
        case "%s":
          return typeof value === "symbol" ? String(value) : plain(value);
        case "%d":
        case "%i":
          return typeof value === "symbol" ? "NaN" : String(Number.parseInt(value, 10));
        case "%f":
          return typeof value === "symbol" ? "NaN" : String(Number.parseFloat(value));
        case "%c":
          return "";
        default:
          return safely(value, directive === "%o" ? DEPTH + 2 : DEPTH);
      }
    });
    return [text, ...rest.map(plain)].join(" ");
  };

  let indent = "";
  const print = (level, text) => page.console(level, indent === "" ? text : text.replace(/^/gm, indent));
  const log = (level, given) => given.length > 0 && print(level, format(given));

  const counts = new Map();
  const times = new Map();
  const labelOf = (label) => (label === undefined ? "default" : `${label}`);
  const elapsed = (label) => `${label}: ${Math.round((performance.now() - times.get(label)) * 1000) / 1000} ms`;

  const columns = (rows, wanted) => {
    const names = [];
    for (const row of rows) {
      if (typeof row !== "object" || row === null) continue;
      for (const name of Object.keys(row)) if (!names.includes(name)) names.push(name);
    }
    return wanted ? names.filter((name) => wanted.includes(name)) : names;
  };

  const table = (data, wanted) => {
    const entries = data instanceof Map ? [...data] : Object.entries(data);
    const rows = entries.map(([, row]) => row);
    const names = columns(rows, wanted);
    const hasValues = rows.some((row) => typeof row !== "object" || row === null);
    const lines = [["(index)", ...names, ...(hasValues ? ["Values"] : [])]];
    for (const [index, row] of entries) {
      const isRow = typeof row === "object" && row !== null;
      const cells = names.map((name) => (isRow && Object.hasOwn(row, name) ? plain(row[name]) : ""));
      lines.push([`${index}`, ...cells, ...(hasValues ? [isRow ? "" : plain(row)] : [])]);
    }
    const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
    return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()).join("\n");
  };

  const methods = {
    assert: (condition = false, ...given) => {
      if (condition) return;
      if (typeof given[0] === "string") given[0] = `Assertion failed: ${given[0]}`;
      else given.unshift("Assertion failed");
      log("error", given);
    },
    clear: () => {
      indent = "";
    },
    count: (label) => {
      const name = labelOf(label);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      print("info", `${name}: ${counts.get(name)}`);
    },
    countReset: (label) => {
      const name = labelOf(label);
      if (!counts.delete(name)) print("warn", `Count for '${name}' does not exist`);
    },
    debug: (...given) => log("debug", given),
    dir: (value) => print("log", safely(value)),
    dirxml: (...given) => log("log", given),
    error: (...given) => log("error", given),
    group: (...given) => {
      log("log", given);
      indent += "  ";
    },
    groupCollapsed: (...given) => methods.group(...given),
    groupEnd: () => {
      indent = indent.slice(2);
    },
    info: (...given) => log("info", given),
    log: (...given) => log("log", given),
    table: (data, wanted) => {
      if (typeof data === "object" && data !== null) print("log", table(data, wanted));
      else log("log", [data]);
    },
    time: (label) => {
      const name = labelOf(label);
      if (times.has(name)) print("warn", `Timer '${name}' already exists`);
      else times.set(name, performance.now());
    },
    timeEnd: (label) => {
      const name = labelOf(label);
      if (times.has(name)) print("info", elapsed(name));
      else print("warn", `Timer '${name}' does not exist`);
      times.delete(name);
    },
    timeLog: (label, ...given) => {
      const name = labelOf(label);
      if (times.has(name)) print("log", [elapsed(name), ...given.map(plain)].join(" "));
      else print("warn", `Timer '${name}' does not exist`);
    },
    trace: (...given) => {
      const stack = `${new Error().stack}`.split("\n").slice(1).join("\n").trimEnd();
      print("log", [`Trace: ${format(given)}`.trimEnd(), stack].filter(Boolean).join("\n"));
    },
    warn: (...given) => log("warn", given),
  };

  const console = Object.create({});
  for (const [name, method] of Object.entries(methods)) {
    // Named, and without a prototype or a `this` of their own.
    console[name] = { [name]: (...given) => void method(...given) }[name];
  }
  Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });

  shared.inspect = (value) => safely(value);
  shared.warn = (text) => page.console("warn", text);
  shared.console = console;
};
