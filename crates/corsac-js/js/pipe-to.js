// pipeTo: from a ReadableStream into a WritableStream.
(native, shared) => {
  const { streams } = shared;
  const { deferred, quiet } = streams;

  streams.pipeTo = (source, destination, options) => {
    const { writable } = streams;
    const target = writable.streamOf(destination);
    const preventClose = Boolean(options.preventClose);
    const preventAbort = Boolean(options.preventAbort);
    const preventCancel = Boolean(options.preventCancel);
    const { signal } = options;
    if (signal !== undefined && !(signal instanceof shared.AbortSignal)) throw new TypeError("pipeTo: the signal is no AbortSignal");
    if (source.reader) throw new TypeError("pipeTo: the source is locked");
    if (target.writer) throw new TypeError("pipeTo: the destination is locked");
    const reader = streams.acquire(source);
    const writer = writable.acquire(target);
    source.disturbed = true;

    const outcome = deferred();
    let shuttingDown = false;
    let lastWrite = Promise.resolve();

    const finalize = (failed, error) => {
      writable.release(writer);
      streams.release(reader);
      signal?.removeEventListener("abort", aborted);
      if (failed) outcome.reject(error);
      else outcome.resolve();
    };

    // Every chunk that was read is written before anything ends.
    const drained = async () => {
      for (let seen; seen !== lastWrite; ) {
        seen = lastWrite;
        await seen.catch(() => {});
      }
    };

    const shutdown = async (action, failed, error) => {
      if (shuttingDown) return;
      shuttingDown = true;
      if (target.state === "writable" && !writable.isClosing(target)) await drained();
      try {
        await action?.();
        finalize(failed, error);
      } catch (reason) {
        finalize(true, reason);
      }
    };

    const aborted = () => {
      const { reason } = signal;
      const actions = [];
      if (!preventAbort && target.state === "writable") actions.push(() => writable.abort(target, reason));
      if (!preventCancel && source.state === "readable") actions.push(() => streams.cancel(source, reason));
      shutdown(() => Promise.all(actions.map((action) => action())), true, reason);
    };

    const sourceErrored = (error) =>
      shutdown(preventAbort ? undefined : () => writable.abort(target, error), true, error);
    const sourceClosed = () =>
      shutdown(preventClose ? undefined : async () => {
        if (writable.isClosing(target) || target.state === "closed") return;
        if (target.state === "errored") throw target.error;
        await writable.close(target);
      }, false);
    const targetErrored = (error) =>
      shutdown(preventCancel ? undefined : () => streams.cancel(source, error), true, error);
    const targetClosed = () => {
      const error = new TypeError("pipeTo: the destination is closed");
      shutdown(preventCancel ? undefined : () => streams.cancel(source, error), true, error);
    };

    const step = () => {
      if (shuttingDown) return;
      writer.ready.promise.then(
        () => {
          if (shuttingDown) return;
          streams.read(reader, {
            chunk: (chunk) => {
              lastWrite = quiet(writable.write(target, chunk));
              queueMicrotask(step);
            },
            close: () => {},
            error: () => {},
          });
        },
        () => {},
      );
    };

    if (signal?.aborted) {
      aborted();
      return outcome.promise;
    }
    signal?.addEventListener("abort", aborted);
    // Errors of either side come before an end of either side.
    if (source.state === "errored") sourceErrored(source.error);
    else if (target.state === "errored" || target.state === "erroring") targetErrored(target.error);
    else if (source.state === "closed") sourceClosed();
    else if (writable.isClosing(target) || target.state === "closed") targetClosed();
    else step();
    reader.closed.promise.then(sourceClosed, sourceErrored);
    writer.closed.promise.then(targetClosed, targetErrored);
    return outcome.promise;
  };
};
