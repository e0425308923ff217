import type { DataFinding } from '../../../core/result/finding.ts';
import type { Finding } from '../../../core/result/result.ts';
import { bounds, count, exact, many, share } from '../../format.ts';
import { plain } from '../../plain.ts';
import { isOfOneOperation } from './operation.ts';

/** How much is wrong with the key, out of all that was acknowledged there if the finding says how much that was. */
export const howMuch = ({ rule, atLeast, atMost, asked, acknowledged }: DataFinding): string => {
  if (asked !== undefined) return `broken: ${count(asked.broken)} of ${many(asked.of, 'answer')}`;
  const wrong = atMost === null ? `at least ${exact(atLeast)}` : bounds(atLeast, atMost);
  if (acknowledged === undefined || acknowledged === 0) return `wrong: ${wrong}`;
  const what = isOfGrants(rule) ? 'grant' : 'acknowledged change';
  return `${wrong} of ${many(acknowledged, what)} went wrong: ${share(Math.min(atLeast, acknowledged), acknowledged)}`;
};

const isOfGrants = (rule: string): boolean => rule === 'allocated-twice' || rule === 'held-twice';

/** What is wrong that the operations' own lines do not say; not safe to print. */
export const reasonOf = ({ because, operations }: DataFinding): string =>
  operations.length === 0
    ? because.join(' ')
    : (because.find((reason) => !isOfOneOperation(reason)) ?? because.join(' '));

/** How much is wrong with the key, out of all that was acknowledged there; empty if the reason says it already. */
export const severityOf = ({ rule, key, atLeast, sold, asked, acknowledged }: Finding): readonly string[] => {
  if (asked !== undefined) return [`broken in ${count(asked.broken)} of ${many(asked.of, 'answer')}`];
  if (sold !== undefined) return [];
  const where = `key ${plain(key, 40)}`;
  const what = { 'lost-update': 'are gone', 'told-twice': 'were told what another was' }[rule];
  if (acknowledged === undefined || acknowledged < atLeast) return [`in ${where}, ${exact(atLeast)} or more`];
  if (what === undefined && isOfGrants(rule))
    return [`in ${where}, at least ${exact(atLeast)} of ${many(acknowledged, 'grant')}`];
  if (what === undefined) return [`in ${where}, ${exact(atLeast)} or more`];
  const all = many(acknowledged, 'acknowledged update');
  return [
    `of ${where}, ${exact(atLeast)} of ${all} ${atLeast === 1 ? what.replace(/^are/u, 'is').replace(/^were/u, 'was') : what}`,
  ];
};
