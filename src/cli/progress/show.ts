import type { Host } from '../../core/host.ts';
import type { Mask } from '../../core/mask.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { newWatch, type Watch } from '../../core/watch.ts';
import { many } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import type { RunFlags } from '../flags/run.ts';
import { styleOf } from '../style.ts';
import { whyNoView } from './live.ts';
import { startProgress, type Progress } from './progress.ts';
import { Users, withRoomForUsers } from './users.ts';

/** A run on display. */
export interface ShownRun {
  /** The plan to run, with room for users added by hand if that is possible. */
  readonly plan: Plan;
  readonly watch: Watch;
  /** `undefined` if nothing is shown. */
  readonly progress: Progress | undefined;
}

/**
 * Starts showing a run as the flags ask.
 *
 * @param onStop called each time that a key asks to stop
 * @param agents the agents that it is measured on
 */
export const showRun = (
  host: Host,
  plan: Plan,
  flags: RunFlags,
  mask: Mask,
  onStop: () => void,
  agents = 0,
): ShownRun => {
  const isQuiet = flags.quiet === true;
  const noView = flags.live === true ? whyNoView(host, isQuiet) : undefined;
  if (noView !== undefined) host.stderr.write(`contend: no --live: ${noView}.\n`);
  const isLive = flags.live === true && noView === undefined;
  const roomy = isLive ? withRoomForUsers(plan, host.openFilesLimit()) : undefined;
  const watch = newWatch(plan, host.machine.cores, { agents });
  if (isQuiet) return { plan, watch, progress: undefined };
  const users = roomy === undefined ? undefined : new Users(roomy.modes[0], watch, host.clock);
  const progress = startProgress(watch, {
    host,
    title: plain(mask(plan.name), 60) + (agents === 0 ? '' : `, on ${many(agents, 'agent')}`),
    modes: plan.modes.map(({ name }) => plain(mask(name), 60)),
    ...(roomy === undefined ? {} : { users: plan.modes[0].load.users }),
    color: styleOf(host, flags).color,
    isLive,
    onKey: (key) => {
      if (key === 'quit' || key === 'interrupt') onStop();
      users?.press(key);
    },
  });
  return { plan: roomy ?? plan, watch, progress };
};
