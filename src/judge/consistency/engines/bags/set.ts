import { type History, ok } from '../../../../core/history/history.ts';
import type { Evidence } from '../../../../core/result/finding.ts';
import type { Contradiction, Engine } from '../engine.ts';
import { Findings } from '../findings.ts';
import type { LogLists } from '../lists/places.ts';
import { letter } from '../phrase.ts';
import { type Element, elementsOf, type Seen } from './elements.ts';

const untouched: Element = { adds: [], removes: [] };

/**
 * Judges a set, element by element. A read after an element was added, and before it may have been removed, sees it (`lost`). A read after
 * it was removed, and before it may have been added again, does not (`still-there`). No element is seen before it was added
 * (`from-nothing`), or twice (`there-twice`). Each rule counts once per element. Whether one read saw a consistent selection of elements is
 * not judged.
 */
export const set =
  (lists: LogLists): Engine =>
  (history, rows) => {
    const { all, seen, initial } = elementsOf(history, rows, lists);
    const findings = new Findings();
    const told = new Set<string>();
    for (const one of seen) {
      const texts = new Set([...all.keys(), ...one.counts.keys()]);
      for (const text of texts) {
        const element = all.get(text) ?? untouched;
        const isFirst = initial?.has(text);
        const count = one.counts.get(text) ?? 0;
        const wrong =
          count === 0 ? lostIn(history, one, element, isFirst) : thereIn(history, one, element, isFirst, count);
        if (wrong === undefined || told.has(`${wrong.rule} ${text}`)) continue;
        told.add(`${wrong.rule} ${text}`);
        const operations = [...wrong.rows, ...(one.row < 0 ? [] : [one.row])];
        const reader = one.row < 0 ? 'what was read when all had ended' : letter(operations.length - 1);
        findings.add(wrong.rule, wrong.evidence, false, () => ({
          operations,
          because: [`${text} ${wrong.because}, and ${reader} ${wrong.but}.`],
        }));
      }
    }
    return findings.worstFirst();
  };

/** What is wrong with what was seen of an element. */
interface Wrong extends Pick<Contradiction, 'rule' | 'evidence'> {
  readonly rows: readonly number[];
  readonly because: string;
  readonly but: string;
}

/** An element was not seen although it had surely been added and cannot have been removed since. */
const lostIn = (
  { status, call, ret }: History,
  { row }: Seen,
  { adds, removes }: Element,
  isFirst: boolean | undefined,
): Wrong | undefined => {
  const [from, until] = row < 0 ? [Infinity, Infinity] : [call[row]!, ret[row]!];
  const isLost = (since: number): boolean =>
    !removes.some((remove) => call[remove]! <= until && (status[remove] !== ok || ret[remove]! >= since));
  const add = adds.find((one) => status[one] === ok && ret[one]! < from && isLost(call[one]!));
  if (add === undefined && !(isFirst === true && isLost(-Infinity))) return undefined;
  const evidence: Evidence = row < 0 && removes.length === 0 ? 'clock-free' : 'same-host';
  return {
    rule: 'lost',
    evidence,
    rows: add === undefined ? [] : [add],
    because:
      add === undefined
        ? 'was there before, and nobody has removed it'
        : 'was added by A, and nobody has removed it since',
    but: 'does not have it',
  };
};

/** An element was seen although it had surely been removed, or cannot have been added yet; or it was there twice. */
const thereIn = (
  { status, call, ret }: History,
  { row }: Seen,
  { adds, removes }: Element,
  isFirst: boolean | undefined,
  count: number,
): Wrong | undefined => {
  const [from, until] = row < 0 ? [Infinity, Infinity] : [call[row]!, ret[row]!];
  if (count > 1)
    return {
      rule: 'there-twice',
      evidence: 'clock-free',
      rows: adds.slice(0, 1),
      because: 'is one element',
      but: 'has it twice',
    };
  // If the initial content is unknown, the element may have been there.
  if (isFirst === false && !adds.some((add) => call[add]! <= until))
    return {
      rule: 'from-nothing',
      evidence: adds.length === 0 ? 'clock-free' : 'same-host',
      rows: adds.slice(0, 1),
      because: adds.length === 0 ? 'was never added' : 'was not added before A',
      but: 'has it',
    };
  const remove = removes.find(
    (one) =>
      status[one] === ok &&
      ret[one]! < from &&
      !adds.some((add) => call[add]! <= until && (status[add] !== ok || ret[add]! >= call[one]!)),
  );
  if (remove === undefined) return undefined;
  return {
    rule: 'still-there',
    evidence: row < 0 && adds.length === 0 ? 'clock-free' : 'same-host',
    rows: [remove],
    because: 'was removed by A, and nobody has added it since',
    but: 'has it',
  };
};
