import { areOversold } from '../../../core/result/finding.ts';
import type { Finding, ModeResult, Result } from '../../../core/result/result.ts';
import { certificateOf, effectOf, isOfSum, keyed, wrongWith, type SumFinding } from '../../sections/cells.ts';
import { bounds, count, exact, many, share } from '../../format.ts';
import { lapsesOf } from '../../sections/locks.ts';
import { certificate, type CertificateStyle } from '../certificate.ts';
import { hanging, span, type Line } from '../layout/line.ts';
import { nameOf, toneOfLoss } from '../names.ts';
import { plain, widthOf } from '../../plain.ts';
import { tables, type Column } from '../layout/table.ts';

const keysShown = 3;

/** Where the data was wrong: a line for each such mode, then the first keys of those where that is forbidden. */
export const findings = (result: Result, width: number): Line[][] => {
  const wrong = result.modes.filter((mode) => findingsOf(mode).length > 0);
  if (wrong.length === 0) return [];
  const widest = Math.max(...wrong.map(({ name }) => widthOf(nameOf(name, width))));
  const label = (name: string): Line => [span(name + ' '.repeat(widest - widthOf(name) + 3))];
  const lines = wrong.flatMap((mode) => hanging(label(nameOf(mode.name, width)), sum(mode), width));
  return [[[span(heading(wrong), 'quiet')], ...lines], ...firstKeys(wrong, width)];
};

/**
 * A certificate for each mode whose data was wrong where that is forbidden, or else for the first where it is allowed: operations
 * that cannot all be right, to be checked by hand.
 */
export const certificates = ({ modes }: Result, style: CertificateStyle): Line[][] => {
  const wrong = modes.filter((mode) => certificateOf(mode) !== undefined);
  const forbidden = wrong.filter(({ violations }) => violations === 'forbidden');
  return (forbidden.length > 0 ? forbidden : wrong.slice(0, 1)).map((mode) => {
    const { round, ...finding } = certificateOf(mode)!;
    const [head, ...rest] = certificate(finding, style);
    const where = `  in ${nameOf(mode.name, style.width)}, round ${count(round)}`;
    return [[...head!, span(where, 'quiet')], ...rest];
  });
};

/** Leases that ran out while held: the mode, the lock, and what follows from it. */
export const lapses = (result: Result, width: number): Line[] => {
  const rows = result.modes.flatMap((mode) => lapsesOf(mode).map((lapse) => ({ mode, ...lapse })));
  if (rows.length === 0) return [];
  const widest = Math.max(...rows.map(({ mode }) => widthOf(nameOf(mode.name, width))));
  const lines = rows.flatMap(({ mode, isAllowed, because }) => {
    const name = nameOf(mode.name, width);
    const label = [span(name + ' '.repeat(widest - widthOf(name) + 3))];
    return hanging(label, plain(`${because}${isAllowed ? ' (allowed)' : ''}`, 300), width, toneOfLoss(mode));
  });
  return [[span('leases that ran out', 'quiet')], ...lines];
};

const findingsOf = ({ consistency }: ModeResult): readonly Finding[] => consistency?.findings ?? [];

const heading = (wrong: readonly ModeResult[]): string => {
  const rules = new Set(wrong.flatMap(findingsOf).map(({ rule }) => rule));
  if (rules.size > 1) return 'wrong data';
  return rules.has('lost-update') ? 'lost updates' : rules.has('oversold') ? 'oversold' : 'wrong data';
};

const sum = (mode: ModeResult): string => {
  const { lost, violations } = mode;
  const keyCount = new Set(keyed(findingsOf(mode)).map(({ key }) => key)).size;
  const keys = keyCount === 0 ? '' : `, in ${many(keyCount, 'key')}`;
  const allowed = violations === 'allowed' ? ' (allowed)' : '';
  if (lost === null || lost.atLeast === 0 || areOversold(findingsOf(mode)))
    return `${wrongWith(mode)}${keys}${allowed}`;
  const part = `${bounds(lost.atLeast, lost.atMost)} of ${many(lost.acknowledged, 'acknowledged update')} lost`;
  return `${part}, ${share(lost.atLeast, lost.acknowledged)}${keys}${allowed}`;
};

const firstKeys = (wrong: readonly ModeResult[], width: number): Line[][] => {
  const forbidden = wrong.filter(({ violations }) => violations === 'forbidden');
  const rows = forbidden.flatMap((mode) => firstOfEachKey(mode).map((finding, at) => ({ mode, finding, at })));
  if (rows.length === 0) return [];
  const column = (heading: string, cell: (finding: SumFinding) => string): Column => ({
    heading,
    align: 'right',
    cells: rows.map(({ finding }) => span(cell(finding))),
  });
  const first: Column = {
    heading: 'mode',
    align: 'left',
    cells: rows.map(({ mode, at }) => span(at === 0 ? nameOf(mode.name, width) : '')),
  };
  const columns: readonly Column[] = [
    column('key', ({ key }) => plain(key, 16)),
    column('round', ({ round }) => count(round)),
    column('start', ({ before }) => exact(before)),
    column('expected', ({ expected: [least, most] }) => bounds(least, most)),
    column('end', ({ after }) => exact(after)),
    { heading: '', align: 'left', cells: rows.map(({ mode, finding }) => span(effectOf(finding), toneOfLoss(mode))) },
  ];
  return tables(first, columns, width);
};

const firstOfEachKey = (mode: ModeResult): readonly SumFinding[] => {
  const firsts = new Map<string, SumFinding>();
  for (const finding of findingsOf(mode).filter(isOfSum))
    if (!firsts.has(finding.key)) firsts.set(finding.key, finding);
  return [...firsts.values()].slice(0, keysShown);
};
