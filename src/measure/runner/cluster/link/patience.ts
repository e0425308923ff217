/** How long whom is waited for, in ms. */
export const patience = {
  /** Who has not been heard of for so long is taken for dead, by either side. */
  aliveMs: 5000,
  /** Between two looks at that. */
  lookMs: 1000,
  /** How long saying goodbye may take. */
  leaveMs: 4000,
  /** Agents that are asked for come within it, unless `--wait-agents` says otherwise. */
  enlistMs: 30_000,
  /** Agents are ready within it, beside their logins. */
  readyMs: 30_000,
  /** What was measured comes back within it, once it should be over. */
  resultMs: 10_000,
  /** The same of agents that were told to stop, as another one was lost. */
  restMs: 3000,
} as const;

/** Waits for something that may hang or fail as nobody needs it any more, for so long at most. */
export const within = async (promise: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([promise.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Resolves when a signal is aborted. */
export const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
