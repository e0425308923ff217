import { oneLine, told } from './text.ts';

/** What a draft says about itself, one line each. */
export interface Told {
  /** What the source has and the draft does not. */
  readonly left: readonly string[];
  /** What the draft has and the source does not say. */
  readonly guessed: readonly string[];
}

/** Collects notes on a draft. */
export interface Notes {
  left(text: string): void;
  guessed(text: string): void;
  /** All of them, each line once with its count; the first hundred of each kind. */
  told(): Told;
}

const mostLines = 100;

/** The notes of one draft. */
export const newNotes = (): Notes => {
  const [left, guessed] = [new Map<string, number>(), new Map<string, number>()];
  const count = (lines: Map<string, number>) => (text: string) => {
    lines.set(text, (lines.get(text) ?? 0) + 1);
  };
  const linesOf = (lines: ReadonlyMap<string, number>): readonly string[] =>
    told(
      [...lines].map(([text, times]) => oneLine(times === 1 ? text : `${text} (${times} times)`, 300)),
      mostLines,
    );
  return {
    left: count(left),
    guessed: count(guessed),
    told: () => ({ left: linesOf(left), guessed: linesOf(guessed) }),
  };
};
