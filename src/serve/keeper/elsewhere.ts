import { listeningAt } from '../proc/listener.ts';
import { hasProc } from '../proc/stat.ts';
import { membersOf, type Root } from '../proc/tree.ts';

/**
 * Where a process listens that nobody found where it was asked, as the rest of a sentence, and what to do about it; undefined where
 * it listens nowhere, or nobody can tell.
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
        hint: 'Let it take its port from ${port}, as in env: { PORT: "${port}" }, or write its port into target:.',
      }
    : {
        why,
        hint: `Ask it there, as in target: ${origin.split('//', 1)[0]}//${there.host}:\${port}, or let it listen on all.`,
      };
};
