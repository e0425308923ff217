import type { Recording } from '../../../../core/recording/recording.ts';
import { LostShare } from '../../carry.ts';
import { shareIn } from '../../share-in.ts';
import type { Remote } from './remote.ts';

/** The error of a lost agent: `agent 2 of 3 (host-b, 4 threads) has …: its share …, every 12th from …, is missing`. */
export const lossOf = (
  remotes: readonly Remote[],
  remote: Remote,
  how: string,
  rest: Recording | undefined,
): LostShare => {
  const hint = 'Run it again when that machine is back. A share is never run by another agent.';
  const threads = remotes.flatMap(({ facts }) => facts?.threads ?? []);
  if (threads.length < remotes.length)
    return new LostShare(`${remote.name} ${how}, before the others had come`, rest, hint);
  const at = remotes.indexOf(remote);
  const sum = (some: readonly number[]): number => some.reduce((all, one) => all + one, 0);
  const share = shareIn({ first: sum(threads.slice(0, at)), shards: threads[at]!, count: sum(threads) });
  return new LostShare(`${remote.name} ${how}: ${share}`, rest, hint);
};
