/** How long to wait, in ms. */
export const patience = {
  /** Either side takes the other for dead after this silence. */
  aliveMs: 5000,
  /** The time between two checks for that. */
  lookMs: 1000,
  /** A Redis that is there has answered by then. */
  answerMs: 500,
  /** How long asking for agents may take, including a thread's start on a busy machine. */
  openMs: 30_000,
  /** How long an agent that is ended takes at most to say goodbye. */
  leaveMs: 4000,
  /** How long a run waits at most for its agents to leave, and for its data in Redis to be removed. */
  partMs: 3000,
  /** Agents that are asked for come within this time, unless `--wait-agents` says otherwise. */
  enlistMs: 30_000,
  /** Agents are ready within this time, in addition to their logins. */
  readyMs: 30_000,
  /** Recordings come back within this time, once the slot should be over. */
  resultMs: 10_000,
  /** The same for agents that were told to stop because another one was lost. */
  restMs: 3000,
} as const;

/**
 * The result of something that may hang, as Redis may behind a cut link.
 *
 * @throws what it rejects with
 * @throws {Error} if it takes longer
 */
export const inTime = async <Given>(promise: Promise<Given>, ms: number): Promise<Given> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${ms / 1000} s`)), ms);
  });
  // It may still fail after it was given up.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Waits up to `ms` for something that may hang, or fail because it is no longer needed. */
export const within = async (promise: Promise<unknown>, ms: number): Promise<void> => {
  await inTime(promise, ms).catch(() => undefined);
};

/** Resolves when a signal is aborted. */
export const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
