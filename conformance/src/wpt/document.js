// As much of a document as a page of tests asks for that is only script. Nothing in it is drawn.
{
  const element = () => {
    const made = Object.assign(new EventTarget(), {
      textContent: "", innerHTML: "", style: {}, children: [], childNodes: [], firstChild: null, tagName: "DIV", namespaceURI: "http://www.w3.org/1999/xhtml",
      appendChild(child) { return child; },
      removeChild(child) { return child; },
      insertBefore(child) { return child; },
      setAttribute() {}, getAttribute: () => null, removeAttribute() {}, focus() {}, remove() {},
      getElementsByTagName: () => [], querySelector: () => null, querySelectorAll: () => [],
    });
    return made;
  };
  const head = element();
  const body = element();
  const made = new EventTarget();
  Object.assign(made, {
    readyState: "loading", contentType: "text/html", characterSet: "UTF-8", compatMode: "CSS1Compat", title: "", currentScript: null,
    head, body, documentElement: element(), scripts: [], defaultView: window,
    URL: location.href, documentURI: location.href, baseURI: location.href, domain: location.hostname, location, referrer: "",
    createElement: element, createElementNS: element, createTextNode: element, createDocumentFragment: element,
    getElementById: () => null, querySelector: () => null, querySelectorAll: () => [],
    getElementsByTagName: (name) => ({ head: [head], body: [body], title: made.title === "" ? [] : [{ firstChild: { data: made.title } }] })[name] ?? [],
  });
  Object.defineProperty(window, "document", { value: made, configurable: true });
  addEventListener("load", () => { made.readyState = "complete"; }, { once: true });
}
