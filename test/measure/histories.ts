import type { Host } from '../../src/core/host.ts';
import type { Slot, SlotConsistency } from '../../src/core/slot.ts';
import { micros } from '../../src/core/units.ts';
import { readShares } from '../../src/judge/consistency/share.ts';
import { judgeSlot } from '../../src/judge/consistency/slot-verdict.ts';

/** Files that are kept in memory, so that a slot's histories need no disk. */
export const memoryFiles = (): Pick<Host, 'openFile' | 'readBytes'> & { readonly paths: () => readonly string[] } => {
  const files = new Map<string, Uint8Array[]>();
  return {
    openFile: (path) => {
      const written: Uint8Array[] = [];
      files.set(path, written);
      return { write: (bytes) => void written.push(bytes.slice()), close: () => undefined };
    },
    readBytes: async function* (path) {
      yield* files.get(path) ?? [];
    },
    paths: () => [...files.keys()],
  };
};

/** What the models say of a slot whose histories are in those files. */
export const judgedIn = async (
  slot: Slot,
  { readBytes }: Pick<Host, 'readBytes'>,
  models: readonly string[] = ['counter'],
): Promise<readonly SlotConsistency[]> =>
  judgeSlot(slot, models, await readShares(slot.recording.histories, readBytes), {
    now: () => micros(performance.now() * 1000),
  }).map(({ consistency }) => consistency);
