import { messageOf } from '../../core/errors.ts';
import { HistoryDecoder } from '../../core/history/file.ts';
import type { History } from '../../core/history/history.ts';
import type { Host } from '../../core/host.ts';
import type { HistoryRecording } from '../../core/recording/recording.ts';

/** One share's history of one model, as read from its file; `undefined` if it is missing, for the reason in `recording.problem`. */
export interface Share {
  readonly recording: HistoryRecording;
  readonly history: History | undefined;
}

/** Reads the histories that a slot has left. Never rejects, whatever a file contains. */
export const readShares = async (
  recordings: readonly HistoryRecording[],
  readBytes: Host['readBytes'],
): Promise<readonly Share[]> => {
  const shares: Share[] = [];
  for (const recording of recordings) shares.push(await readShare(recording, readBytes));
  return shares;
};

const readShare = async (recording: HistoryRecording, readBytes: Host['readBytes']): Promise<Share> => {
  if (recording.problem !== null) return { recording, history: undefined };
  try {
    const decoder = new HistoryDecoder();
    for await (const bytes of readBytes(recording.path)) decoder.push(bytes);
    const history = decoder.history();
    const { agent = null, epsilonNs } = recording;
    return {
      recording,
      history:
        epsilonNs === undefined ? history : { ...history, machines: [{ rows: history.length, agent, epsilonNs }] },
    };
  } catch (error) {
    const problem = `${recording.path} cannot be read: ${messageOf(error)}`;
    return { recording: { ...recording, problem }, history: undefined };
  }
};
