/**
 * Watching a process that somebody else started for us, such as the database server.
 */

const lookEveryMs = 1_000;

export type Watch = {
  /** Resolves when the process has gone; never after `stop`. */
  readonly gone: Promise<void>;
  stop(): void;
};

/** Watches the process `pid`. */
export function watchProcess(pid: number): Watch {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    resolve();
  }, lookEveryMs);
  return { gone: promise, stop: () => clearInterval(timer) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // alive, and another user's
  }
}
