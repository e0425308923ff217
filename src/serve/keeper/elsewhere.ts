import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { isOlder, listenerOf, listeningAt } from '../proc/listener.ts';
import { hasProc } from '../proc/stat.ts';
import { membersOf, type Root } from '../proc/tree.ts';

/**
 * Where a process listens if not where it was expected, as the rest of a sentence, and what to do about it. `undefined` if it
 * listens nowhere, or if that is unknown.
 */
export const elsewhere = (
  root: Root,
  origin: string,
  port: number,
): { readonly why: string; readonly hint: string } | undefined => {
  if (!hasProc()) return undefined;
  const found = listeningAt(membersOf(root).map(({ pid }) => pid));
  if (found.length === 0) return undefined;
  const there = found.find((one) => one.port === port);
  const why = `it listens on ${found.map((one) => `${one.host}:${one.port}`).join(', ')}`;
  return there === undefined
    ? {
        why,
        hint: 'Make it listen on ${port}, as in env: { PORT: "${port}" }, or write its port into target:.',
      }
    : {
        why,
        hint: `Send requests there, as in target: ${origin.split('//', 1)[0]}//${there.host}:\${port}, or make it listen on all addresses.`,
      };
};

const strayWithinUs = 2e6;

/**
 * A process that went into the background and has lost everything inherited: it listens on a port that was free before, was started
 * since, and its parent is init. What a container listens with belongs to the container's runtime. It gets 2 s to appear.
 */
export const strayOn = async (port: number, root: Root, clock: Clock): Promise<Root | undefined> => {
  const untilUs = clock.now() + strayWithinUs;
  while (hasProc() && clock.now() < untilUs) {
    const stray = strayNow(port, root);
    if (stray !== undefined) return stray;
    await pause(50);
  }
  return undefined;
};

const strayNow = (port: number, root: Root): Root | undefined => {
  const listener = listenerOf(port, []);
  if (listener.is !== 'other' || isOlder(listener.stranger, root) || listener.stranger.parent !== 1) return undefined;
  return { ...root, pid: listener.stranger.pid };
};
