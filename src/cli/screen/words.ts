import { valueText, type AxisKind } from '../../core/sweep/axis.ts';
import type { Watch } from '../../core/watch.ts';
import { count, duration, nothing, perSecond, share } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import type { Pace } from './pace.ts';
import type { AgentView } from './view/view.ts';

/** Whether there is only one slot, so that it needs no name. */
export const isOneSlot = ({ slotsTotal, endsUs }: Watch): boolean => slotsTotal === 1 && endsUs === 0;

/** The running mode, safe to print; in a sweep also the point: `locked at 8 users`. */
export const modeOf = ({ mode, at, data: { axis } }: Watch): string =>
  axis === undefined || Number.isNaN(at) ? plain(mode, 24) : `${plain(mode, 24)} at ${valueText(axis, at)}`;

/** Which slot of which mode is running: `locked, round 2 of 6`; in a search `probe 5 at 283/s, 200/s kept, 400/s not`. */
export const placeOf = (watch: Watch): readonly string[] => {
  const { data, at, endsUs, slotsDone, round, rounds } = watch;
  if (isOneSlot(watch)) return [];
  if (endsUs === 0 || data.axis === undefined) return [modeOf(watch), `round ${round} of ${rounds}`];
  const isAlone = data.modes.length === 1;
  if (Number.isNaN(at)) return ['a look at what the target serves'];
  // A load below a kept one only checks a target that was overloaded.
  if (at < watch.bracket.low)
    return [`recovering, ${isAlone ? `at ${valueText(data.axis, at)}` : modeOf(watch)}`, ...soFar(watch, data.axis)];
  const load = ` at ${valueText(data.axis, at)}`;
  return [`probe ${slotsDone + 1}${isAlone ? load : `, ${modeOf(watch)}`}`, ...soFar(watch, data.axis)];
};

/** What single probes suggest so far; none of it is proven yet. */
const soFar = ({ bracket: { low, high } }: Watch, axis: AxisKind): readonly string[] => {
  const kept = low > 0 ? [`${valueText(axis, low)} kept`] : [];
  return [...kept, ...(high > 0 ? [`${valueText(axis, high)} not`] : [])];
};

/** What the run is doing, or how fast: `warming up`, `1,234/s`. */
export const doingOf = (watch: Watch, pace: Pace): string => {
  const { phase } = watch;
  if (phase !== 'measuring') return phase;
  const now = watch.data.axis === 'rate' && watch.endsUs > 0 ? 'now ' : '';
  return pace.perSecond === undefined ? '' : `${now}${perSecond(pace.perSecond)}/s`;
};

/** How an agent is doing: `agent 1 (host-a) 1,234/s, CPU 83 %, clock ± 41 µs`. */
export const agentOf = (agent: AgentView): string => {
  const named = `agent ${agent.agent} (${plain(agent.host, 24)})`;
  if (agent.isLost) return `${named} is lost`;
  const { rate, cpu, clock } = numbersOf(agent);
  return `${named} ${rate}, CPU ${cpu}, clock ${clock}`;
};

/** What an agent does now, how busy it is and how well its clock is known: `1,234/s`, `83 %`, `± 41 µs`; a dash if unknown. */
export const numbersOf = ({
  perSecond: rate,
  cpuShare,
  withinUs,
}: AgentView): { readonly rate: string; readonly cpu: string; readonly clock: string } => ({
  rate: Number.isNaN(rate) ? nothing : `${perSecond(rate)}/s`,
  cpu: Number.isNaN(cpuShare) ? nothing : share(cpuShare, 1),
  clock: Number.isFinite(withinUs) ? `± ${duration(withinUs)}` : nothing,
});

/** The time left: `14 s left`; empty if unknown. */
export const leftOf = ({ leftUs }: Pick<Pace, 'leftUs'>): string => {
  if (leftUs === undefined) return '';
  const seconds = Math.ceil(leftUs / 1e6);
  return seconds < 100 ? `${seconds} s left` : `${count(Math.round(seconds / 60))} min left`;
};
