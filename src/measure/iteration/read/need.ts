/**
 * What is read from an answer: its status and times, its headers, its body as text, its body parsed as JSON, or parsed with
 * whole numbers beyond 2^53 kept exact. A path that is only read needs no more than `json`, see {@link exactly}.
 */
export type Need = 'status' | 'head' | 'body' | 'json' | 'exact';

const order: readonly Need[] = ['status', 'head', 'body', 'json', 'exact'];

/** The most that any of them needs. */
export const mostOf = (needs: readonly Need[]): Need =>
  order[Math.max(0, ...needs.map((need) => order.indexOf(need)))]!;

/** Whether the body is to be parsed. */
export const isOfJson = (need: Need): boolean => need === 'json' || need === 'exact';
