// A network that a test answers for, in the place of the page's.
// `answer(request)` says what comes: { status, headers, chunks, error, ... }, or null for an exchange
// that the test drives itself by `exchanges`.
(shared) => {
  const bytes = (chunk) => (typeof chunk === "string" ? shared.utf8Encode(chunk) : chunk);
  const head = (request, given) => ({
    type: "basic", url: request.url.split("#")[0], redirected: false, status: 200, statusText: "OK", headers: [], hasBody: true,
    ...given,
  });

  const start = (request, callbacks) => {
    let isOpen = true;
    const exchange = {
      request,
      hungUp: false,
      response: (given = {}) => isOpen && callbacks.response(head(request, given)),
      chunk: (chunk) => isOpen && callbacks.chunk(bytes(chunk)),
      end: () => isOpen && callbacks.end(),
      error: (kind = "network") => isOpen && callbacks.error(kind),
    };
    globalThis.exchanges.push(exchange);
    const given = globalThis.answer(request);
    if (given !== null) {
      const { chunks = [], error, late, ...fields } = given;
      const steps = [];
      if (error) steps.push(() => exchange.error(error));
      else {
        steps.push(() => exchange.response(fields));
        for (const chunk of chunks) steps.push(() => exchange.chunk(chunk));
        steps.push(late ? () => exchange.error(late) : exchange.end);
      }
      const next = () => {
        steps.shift()?.();
        if (steps.length > 0) shared.queueTask(next);
      };
      shared.queueTask(next);
    }
    return () => {
      isOpen = false;
      exchange.hungUp = true;
    };
  };

  Object.assign(shared, {
    baseUrl: () => "http://a.example/dir/page",
    queueTask: (step) => shared.setTimeout(step, 0),
    network: { start },
  });
  Object.assign(globalThis, {
    exchanges: [],
    answer: () => ({ chunks: ["ok"] }),
    text: bytes,
    // The error that a call or a promise ends in, if it does.
    thrown: (call) => {
      try {
        call();
      } catch (error) {
        return error;
      }
    },
    rejected: (promise) => promise.then(() => undefined, (error) => error),
    ticks: async (count) => {
      for (let at = 0; at < count; at += 1) await null;
    },
    streamOf: (...chunks) =>
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(bytes(chunk));
          controller.close();
        },
      }),
  });
}
