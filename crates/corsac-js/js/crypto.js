// crypto: what pages use for names and boundaries, not cryptography.
(native, shared) => {
  const { atLeast } = shared.idl;

  const KINDS = ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array"];
  const QUOTA = 65536;

  class Crypto {
    #brand = true;

    static {
      const made = new this();
      shared.crypto = made;
    }

    getRandomValues(array) {
      this.#brand;
      atLeast(arguments, 1, "Crypto.getRandomValues");
      if (!ArrayBuffer.isView(array)) throw new TypeError("getRandomValues: not a view of an ArrayBuffer");
      if (!KINDS.includes(array[Symbol.toStringTag])) throw new shared.DOMException("getRandomValues: not an array of integers", "TypeMismatchError");
      if (array.byteLength > QUOTA) throw new shared.DOMException(`getRandomValues: more than ${QUOTA} bytes`, "QuotaExceededError");
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(native.random(array.byteLength));
      return array;
    }

    randomUUID() {
      this.#brand;
      const bytes = native.random(16);
      bytes[6] = bytes[6] & 0x0f | 0x40;
      bytes[8] = bytes[8] & 0x3f | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    }
  }

  const { randomUUID } = Crypto.prototype;
  shared.randomUUID = () => Reflect.apply(randomUUID, shared.crypto, []);
  shared.Crypto = Crypto;
};
