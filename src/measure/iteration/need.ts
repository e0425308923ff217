/** What somebody reads of an answer: its status and times, its headers, its body as text, or its body parsed as JSON. */
export type Need = 'status' | 'head' | 'body' | 'json';

const order: readonly Need[] = ['status', 'head', 'body', 'json'];

/** The most that any of them needs. */
export const mostOf = (needs: readonly Need[]): Need =>
  order[Math.max(0, ...needs.map((need) => order.indexOf(need)))]!;
