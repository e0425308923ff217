import type { DraftAuth, DraftRequest } from './draft.ts';

/** Moves credentials that most requests share to the top. A request without any then says so. */
export const hoisted = (
  requests: readonly DraftRequest[],
): { readonly auth?: DraftAuth; readonly steps: readonly DraftRequest[] } => {
  const counts = new Map<string, { readonly auth: DraftAuth; count: number }>();
  for (const { auth } of requests) {
    if (auth === undefined || auth === 'none') continue;
    const known = counts.get(JSON.stringify(auth)) ?? { auth, count: 0 };
    known.count++;
    counts.set(JSON.stringify(auth), known);
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  const auth = most === undefined || most.count < 2 ? undefined : most.auth;
  const steps = requests.map((request): DraftRequest => {
    const { auth: own = 'none', ...others } = request;
    if (auth === undefined) return own === 'none' ? others : request;
    return JSON.stringify(own) === JSON.stringify(auth) ? others : { ...others, auth: own };
  });
  return auth === undefined ? { steps } : { auth, steps };
};
