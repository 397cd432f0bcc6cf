/**
 * Resources that a program must close at its end, in reverse order. Node 20 has no `AsyncDisposableStack`.
 */

export interface Closers {
  /** Registers how something is closed, where it is opened. */
  add(close: () => void | Promise<void>): void;
}

/**
 * Runs `work`, then closes what it opened, the last first. One failure to close does not keep the others
 * open; the first of them is thrown, unless `work` itself failed.
 */
export async function withClosers<Result>(work: (closers: Closers) => Promise<Result>): Promise<Result> {
  const { close, ...result } = await openWithClosers(async (closers) => ({ value: await work(closers) }));
  await close();
  return result.value;
}

/**
 * Opens several things as one: its `close` closes them, the last first, and so does a failure to open the
 * next.
 */
export async function openWithClosers<Opened extends object>(
  open: (closers: Closers) => Promise<Opened>,
): Promise<Opened & { close(): Promise<void> }> {
  const stack: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await open({ add: (next) => void stack.push(next) })), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}
