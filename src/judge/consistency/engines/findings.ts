import type { Contradiction } from './engine.ts';

/** The rows and the reasons of a contradiction. */
export type Certificate = Pick<Contradiction, 'operations' | 'because'>;

/** Collects contradictions: the first of each rule, and how many there are. */
export class Findings {
  readonly #complete: (certificate: Certificate) => Certificate;
  readonly #byRule = new Map<string, Contradiction>();

  /** `complete` adds what every certificate needs. */
  constructor(complete: (certificate: Certificate) => Certificate = (certificate) => certificate) {
    this.#complete = complete;
  }

  /**
   * Adds one of a rule. `certify` is called for the first one only.
   *
   * @param exact whether all of them will be counted, so that the count is more than a lower bound
   */
  add(rule: string, evidence: Contradiction['evidence'], exact: boolean, certify: () => Certificate): void {
    const first = this.#byRule.get(rule);
    const atLeast = (first?.atLeast ?? 0) + 1;
    this.#byRule.set(rule, {
      ...(first ?? { rule, evidence, ...this.#complete(certify()) }),
      atLeast,
      atMost: exact ? atLeast : null,
    });
  }

  /** What was found: contradictions that need no clock first, then by how much is wrong. */
  worstFirst(): readonly Contradiction[] {
    const order = ['clock-free', 'session', 'same-host'];
    return [...this.#byRule.values()].toSorted(
      (a, b) => order.indexOf(a.evidence) - order.indexOf(b.evidence) || b.atLeast - a.atLeast,
    );
  }
}
