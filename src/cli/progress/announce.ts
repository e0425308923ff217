import { expectedUs } from '../../core/plan/length.ts';
import type { Load, Plan } from '../../core/plan/plan.ts';
import { count, many, perSecond } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import { notesOf } from './notes.ts';

/**
 * What is about to be run, in a line: `store: 2 modes × 6 rounds, about 23 s`; for a single slot `localhost:3000: about 10 s`.
 *
 * @param mostRounds the number of rounds if the run is extended
 * @param isShortened whether slots were shortened to fit a budget
 * @param retargeted the modes that `--target` applies to, if others have a target of their own
 */
export const announcement = (
  plan: Plan,
  mostRounds: number,
  isShortened: boolean,
  retargeted?: readonly string[],
): string => {
  const { name, modes, rounds } = plan;
  const loads = [...new Set(modes.map(({ load }) => offeredBy(load)))];
  const offered = loads.length === 1 ? loads[0] : ', loads differ';
  const expected = expectedUs(plan, rounds);
  const upTo = mostRounds > rounds ? `, up to ${seconds(expectedUs(plan, mostRounds))}` : '';
  const about = expected === 0 ? '' : `, about ${seconds(expected)}${upTo}${isShortened ? ', slots shortened' : ''}`;
  const slots =
    modes.length === 1 && mostRounds === 1 ? '' : `, ${many(modes.length, 'mode')} × ${many(rounds, 'round')}`;
  const what = `${slots}${offered}${about}`.replace(/^, /u, ': ');
  const notes = notesOf(plan).map((note) => `${note}\n`);
  return `${plain(name, 60)}${what}\n${reachOf(retargeted)}${readingOf(plan)}${notes.join('')}`;
};

const reachOf = (retargeted: readonly string[] | undefined): string =>
  retargeted === undefined
    ? ''
    : `--target replaces the target of ${retargeted.map((mode) => plain(mode, 40)).join(', ')}; the other modes have their own.\n`;

/** What takes long apart from the slots: `1,200,000 values are read, 50,000 before and after each slot …`; otherwise empty. */
const readingOf = ({ modes, rounds }: Plan): string => {
  const keys = modes.map(({ reads }) => reads.reduce((sum, { manyKeys = 0 }) => sum + manyKeys, 0));
  const most = Math.max(...keys);
  if (most === 0) return '';
  const all = keys.reduce((sum, own) => sum + 2 * rounds * own, 0);
  return `In addition, ${count(most)} values are read before and after each slot, ${count(all)} in all.\n`;
};

const seconds = (us: number): string => `${Math.round(us / 1e6)} s`;

/** What an open load asks for: `, 200/s`, or `, up to 500/s` in stages. */
const offeredBy = (load: Load): string => {
  if (load.kind === 'closed') return '';
  if (load.stages.length === 0) return `, ${perSecond(load.ratePerSecond)}/s`;
  return `, up to ${perSecond(Math.max(...load.stages.flatMap(({ from, to }) => [from, to])))}/s`;
};
