/** How long whom is waited for, in ms. */
export const patience = {
  /** Who has not been heard of for so long is taken for dead, by either side. */
  aliveMs: 5000,
  /** Between two looks at that. */
  lookMs: 1000,
  /** A Redis that is there has answered by then. */
  answerMs: 500,
  /** How long asking for agents may take, a thread's start on a busy machine with it. */
  openMs: 30_000,
  /** How long an agent that is ended says goodbye at most. */
  leaveMs: 4000,
  /** How long a run waits for its agents to go, and for what it leaves in Redis to be removed, at most. */
  partMs: 3000,
  /** Agents that are asked for come within it, unless `--wait-agents` says otherwise. */
  enlistMs: 30_000,
  /** Agents are ready within it, beside their logins. */
  readyMs: 30_000,
  /** What was measured comes back within it, once it should be over. */
  resultMs: 10_000,
  /** The same of agents that were told to stop, as another one was lost. */
  restMs: 3000,
} as const;

/**
 * What something gives that may hang, as Redis may do behind a cut link.
 *
 * @throws what it rejects with
 * @throws {Error} where it takes longer
 */
export const inTime = async <Given>(promise: Promise<Given>, ms: number): Promise<Given> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${ms / 1000} s`)), ms);
  });
  // Whoever is given up may still fail.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Waits for something that may hang or fail as nobody needs it any more, for so long at most. */
export const within = async (promise: Promise<unknown>, ms: number): Promise<void> => {
  await inTime(promise, ms).catch(() => undefined);
};

/** Resolves when a signal is aborted. */
export const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
