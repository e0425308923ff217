import type { About, Values } from '../../../core/history/about.ts';
import { type History, ok, operations } from '../../../core/history/history.ts';

const grantOf = operations.indexOf('grant');

/** How often a resource with limited grants was granted in the slots of a run, counted from one reset to the next. */
export class Granted {
  /** By place, then by key; `undefined` if a slot was lost, so that the count is unknown. */
  readonly #counts = new Map<string, Map<string, number> | undefined>();

  /** What a slot begins with: how often each of its keys was granted before. */
  into(place: string, { keys }: History, isReset: boolean): Values {
    if (isReset || !this.#counts.has(place)) this.#counts.set(place, new Map());
    const counts = this.#counts.get(place);
    return counts === undefined ? {} : Object.fromEntries(keys.map((key) => [key, counts.get(key) ?? 0]));
  }

  /** Notes what a slot has granted. */
  outOf(place: string, { length, f, status, key, keys }: History, { incomplete }: About): void {
    const counts = this.#counts.get(place);
    if (incomplete !== undefined) this.#counts.set(place, undefined);
    if (counts === undefined) return;
    for (let row = 0; row < length; row++) {
      if (f[row] !== grantOf || status[row] !== ok) continue;
      const name = keys[key[row]!]!;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
}
