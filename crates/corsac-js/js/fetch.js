// fetch(): a Request's state goes to the network, what comes back becomes a Response.
(native, shared) => {
  const { atLeast } = shared.idl;
  const { bodies, requestOf, responseOf } = shared;

  // All that script learns of a network error; the console tells people why.
  const networkError = () => new TypeError("Failed to fetch");

  // A body's stream may be aborted by its maker; every other error of it is a network error.
  const isAbort = (error) => error instanceof shared.DOMException && error.name === "AbortError";

  const requestRecord = (it, bytes) => ({
    url: it.url, method: it.method, headers: shared.headers.list(it),
    mode: it.mode, credentials: it.credentials, cache: it.cache, redirect: it.redirect,
    referrer: it.referrer, referrerPolicy: it.referrerPolicy, integrity: it.integrity, keepalive: it.keepalive,
    unsafeRequest: true, useCorsPreflight: it.useCorsPreflight, isXhr: false,
    body: bytes, isStream: it.body !== null && it.body.bytes === null,
  });

  // Bytes that came whole, as the body of a response.
  const wholeBody = (bytes, over) => {
    const feed = new bodies.Feed(() => {}, over);
    feed.push(bytes);
    feed.end();
    return bodies.ofFeed(feed);
  };

  const run = (it, resolve, reject) => {
    const { body } = it;
    if (it.source?.aborted) {
      const { reason } = it.source;
      reject(reason);
      if (body) bodies.cancel(body, reason);
      return;
    }

    // Nobody hears of this fetch any more.
    let isOver = false;
    let hangUp = () => {};
    let feed = null;
    let responseBody = null;
    let forget = () => {};

    if (it.source) {
      const signal = shared.dependentSignal([it.source]);
      const unregister = shared.onAbort(signal, (reason) => {
        isOver = true;
        reject(reason);
        if (body) bodies.cancel(body, reason);
        hangUp();
        if (responseBody) bodies.fail(responseBody, reason);
      });
      // A signal that outlives many fetches must not collect them.
      forget = () => {
        unregister();
        shared.unfollow(signal);
      };
    }

    const failWith = (error) => {
      if (isOver) return;
      isOver = true;
      forget();
      reject(error);
      feed?.fail(error);
    };
    const fail = () => failWith(networkError());

    // Integrity metadata is held against all the bytes, before script has any of them.
    const verify = (head) => {
      if (!head.hasBody) {
        hangUp();
        return fail();
      }
      feed = new bodies.Feed(hangUp, () => {});
      feed.drain((bytes) => {
        feed = null;
        if (!native.integrity(shared.isomorphic(bytes), it.integrity)) return fail();
        responseBody = wholeBody(bytes, forget);
        resolve(responseOf(head, responseBody));
      }, () => {});
    };

    const respond = (head) => {
      if (isOver) return;
      if (it.integrity !== "") return verify(head);
      if (head.hasBody) {
        feed = new bodies.Feed(() => {
          isOver = true;
          hangUp();
        }, forget);
        responseBody = bodies.ofFeed(feed);
      }
      resolve(responseOf(head, responseBody));
    };

    const send = (bytes) => {
      if (isOver) return;
      hangUp = shared.network.start(requestRecord(it, bytes), {
        uploaded: () => {},
        response: respond,
        chunk: (chunk) => feed?.push(chunk),
        end: () => {
          // A body that script may not see comes to its end all the same.
          if (feed) feed.end();
          else forget();
        },
        error: fail,
      });
    };

    if (body === null) send(null);
    else if (body.bytes) send(body.bytes);
    else bodies.readStream(body.stream, send, (error) => (isAbort(error) ? failWith(error) : fail()));
  };

  shared.fetch = function fetch(input, init = {}) {
    return new Promise((resolve, reject) => {
      atLeast(arguments, 1, "fetch");
      run(requestOf(input, init), resolve, reject);
    });
  };
};
