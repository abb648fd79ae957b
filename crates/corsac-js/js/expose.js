// Puts what the other files made before the page, as WebIDL has it: interfaces are not enumerable,
// their members are, and each prototype says its name.
(native, shared) => {
  const prototypes = new Set();
  // By its class: whoever puts one of our prototypes before an object of his own has it taken for ours.
  shared.isPlatformObject = (value) => {
    for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
      if (prototypes.has(at)) return true;
    }
    return false;
  };

  for (const [name, value] of Object.entries(shared)) {
    if (typeof value !== "function" || !/^[A-Z]/.test(name)) continue;
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
    prototypes.add(value.prototype);
    if (name === "DOMException") continue;
    for (const place of [value, value.prototype]) {
      for (const key of Object.getOwnPropertyNames(place)) {
        const descriptor = Object.getOwnPropertyDescriptor(place, key);
        const isOwn = ["constructor", "prototype", "length", "name"].includes(key) && (place === value || key === "constructor");
        if (isOwn || !descriptor.configurable) continue;
        Object.defineProperty(place, key, { ...descriptor, enumerable: true });
      }
    }
    Object.defineProperty(value.prototype, Symbol.toStringTag, { value: name, configurable: true });
  }
  for (const name of ["crypto", "fetch", "structuredClone"]) {
    Object.defineProperty(globalThis, name, { value: shared[name], writable: true, enumerable: true, configurable: true });
  }
};
