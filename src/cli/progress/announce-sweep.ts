import type { Mode } from '../../core/plan/plan.ts';
import { valueText } from '../../core/sweep/axis.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { iterationsToDecide, slotMeasuredUs } from '../../core/sweep/probe.ts';
import { count, many } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import { timeText } from './length.ts';

/** What is about to be swept. */
export interface Announced {
  readonly sweep: SweepPlan;
  readonly length: { readonly leastUs: number; readonly mostUs: number };
  /** What was cut to fit a budget; absent if nothing was. */
  readonly cut?: string;
  /** The budget that ends a search; absent if there is none. */
  readonly budget?: { readonly us: number } | undefined;
}

/** `key-sweep: 3 modes × 7 points × 7 rounds over data.product, about 128 s`, and notes that are useful to know beforehand. */
export const sweepAnnouncement = (announced: Announced): string =>
  `${plain(announced.sweep.points[0].plan.name, 60)}: ${sweepTexts(announced).join('\n')}\n`;

/** What a sweep does, how long it takes, and what else is useful to know beforehand, a line each. */
export const sweepTexts = ({ sweep, length, cut, budget }: Announced): readonly string[] => {
  const { axis, points, find } = sweep;
  const { plan } = points[0];
  const budgetUs = budget?.us;
  const told = timeText(length);
  const percent = Number((100 * sweep.width).toPrecision(3));
  const about = told === '' ? '' : `, ${told}`;
  const limit =
    budgetUs !== undefined && budgetUs < length.mostUs
      ? `; the budget ends it after ${timeText({ leastUs: budgetUs, mostUs: budgetUs }).replace(/^about /u, '')}`
      : '';
  if (find === 'capacity') return [searchText(sweep), `Within ${percent} %${about}${limit}.`, ...probesText(sweep)];
  const what = `${many(plan.modes.length, 'mode')} × ${many(points.length, 'point')} × ${many(plan.rounds, 'round')} over ${axis.name}`;
  const more = find === 'crossing' ? ', more where modes cross' : '';
  return [`${what}${about}${more}`, ...(cut === undefined ? [] : [`${cut}.`])];
};

/** `the highest rate from 50/s to 5,000/s that passes the gates` */
const searchText = ({ axis: { kind, values }, points: [{ plan }] }: SweepPlan): string => {
  const [from, to] = [values[0]!, values.at(-1)!];
  const modes = plan.modes.length === 1 ? '' : `${many(plan.modes.length, 'mode')}, `;
  const gates = plan.gates.length === 1 ? 'gate' : 'gates';
  const what =
    kind === 'rate'
      ? `the highest rate from ${valueText(kind, from)} to ${valueText(kind, to)} that passes`
      : `the most users, from ${count(from)} to ${count(to)}, that pass`;
  return `${modes}${what} the ${gates}`;
};

/** How long a probe is, and why: `A probe takes 41 s at 50/s and 5 s at 5,000/s:`, `the gate needs 2,000 iterations.` */
const probesText = ({ axis: { kind }, points }: SweepPlan): readonly string[] => {
  const ends = [points[0], points.at(-1)!].map(({ at, plan }) => {
    const own = plan.modes.map((mode: Mode) => slotMeasuredUs(mode, plan.rounds));
    return { seconds: Math.round(Math.max(...own) / 1e5) / 10, at: valueText(kind, at) };
  });
  const [low, high] = ends;
  if (low!.seconds === high!.seconds) return [`A probe takes ${low!.seconds} s.`];
  const { plan } = points[0];
  const iterations = Math.max(...plan.modes.map(({ name }) => iterationsToDecide(plan.gates, name)));
  return [
    `A probe takes ${low!.seconds} s at ${low!.at} and ${high!.seconds} s at ${high!.at}:`,
    `the ${plan.gates.length === 1 ? 'gate needs' : 'gates need'} ${count(iterations)} iterations.`,
  ];
};
