import type { DataFinding } from '../../../core/result/finding.ts';
import type { Finding } from '../../../core/result/result.ts';
import { bounds, count, exact, many, share } from '../../format.ts';
import { plain } from '../../plain.ts';
import { isOfOneOperation } from './operation.ts';

/**
 * How much is wrong with the key: of all that was acknowledged there, where the finding says how much that was.
 *
 * @param acknowledged how many changes were, in all that was judged
 */
export const howMuch = ({ atLeast, atMost, asked, ...finding }: DataFinding, acknowledged: number): string => {
  if (asked !== undefined) return `broken: ${count(asked.broken)} of ${many(asked.of, 'answer')}`;
  const wrong = atMost === null ? `at least ${exact(atLeast)}` : bounds(atLeast, atMost);
  const ofKey = (finding as { readonly acknowledged?: number }).acknowledged;
  const all = ofKey ?? acknowledged;
  if (all === 0) return `wrong: ${wrong}`;
  const where = ofKey === undefined ? 'in all' : 'of this key';
  return `${wrong} of ${many(all, 'acknowledged change')} ${where} went wrong: ${share(Math.min(atLeast, all), all)}`;
};

/** What is wrong, as far as the operations' own lines do not say it; not safe to print. */
export const reasonOf = ({ because, operations }: DataFinding): string =>
  operations.length === 0
    ? because.join(' ')
    : (because.find((reason) => !isOfOneOperation(reason)) ?? because.join(' '));

/** How much is wrong with the key, of all that was acknowledged there; nothing where the reason has said it. */
export const severityOf = ({ rule, key, atLeast, sold, asked, acknowledged }: Finding): readonly string[] => {
  if (asked !== undefined) return [`broken in ${count(asked.broken)} of ${many(asked.of, 'answer')}`];
  if (sold !== undefined) return [];
  const where = `key ${plain(key, 40)}`;
  const what = { 'lost-update': 'are gone', 'told-twice': 'were told what another was' }[rule];
  if (what === undefined || acknowledged === undefined || acknowledged < atLeast)
    return [`in ${where}, ${exact(atLeast)} or more`];
  const all = many(acknowledged, 'acknowledged update');
  return [
    `of ${where}, ${exact(atLeast)} of ${all} ${atLeast === 1 ? what.replace(/^are/u, 'is').replace(/^were/u, 'was') : what}`,
  ];
};
