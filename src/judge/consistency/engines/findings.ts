import type { Contradiction } from './engine.ts';

/** The rows and the reasons of a contradiction. */
export type Certificate = Pick<Contradiction, 'operations' | 'because'>;

/** Collects contradictions: of each rule the first one, and how many there are. */
export class Findings {
  readonly #complete: (certificate: Certificate) => Certificate;
  readonly #byRule = new Map<string, Contradiction>();

  /** `complete` adds what every certificate needs. */
  constructor(complete: (certificate: Certificate) => Certificate = (certificate) => certificate) {
    this.#complete = complete;
  }

  /**
   * One more of a rule. `certify` is asked for the first one only.
   *
   * @param exact whether every one that there is will be counted, so that what is counted is not only the least
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

  /** What was found, what needs no clock first, then by how much is wrong. */
  worstFirst(): readonly Contradiction[] {
    const order = ['clock-free', 'session', 'same-host'];
    return [...this.#byRule.values()].toSorted(
      (a, b) => order.indexOf(a.evidence) - order.indexOf(b.evidence) || b.atLeast - a.atLeast,
    );
  }
}
