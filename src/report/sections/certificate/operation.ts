import { writeJson } from '../../../core/exact/write.ts';
import { leavesInWords } from '../../../core/leaves.ts';
import type { DataFinding, FindingOperation } from '../../../core/result/finding.ts';
import { exact } from '../../format.ts';
import { plain } from '../../plain.ts';

/** The session that did it, and on which agent. A query of an invariant belongs to no session. */
export const whoOf = ({ f, session, agent }: FindingOperation): string => {
  const name = plain(String(session), 12);
  return f === 'ask' ? name : `session ${name}${agent === undefined ? '' : ` @${agent}`}`;
};

/** Models whose values are amounts rather than names: their digits are grouped. */
const amounts: readonly string[] = ['counter', 'rmw-counter', 'stock', 'transfer'];

/** Whether the values of a finding are amounts. */
export const isCounted = (finding: DataFinding): boolean =>
  amounts.includes((finding as { readonly model?: string }).model ?? '');

/** A value of a finding's operation, safe and short; empty if there is none. @param counted whether it is an amount */
export const valueText = (value: unknown, counted: boolean): string =>
  value === undefined ? '' : plain(counted && typeof value === 'number' ? exact(value) : writeJson(value), 24);

/** What an operation did, in a few words that are safe to print. @param counted whether its values are amounts */
export const deedOf = ({ f, status, value, operand, version }: FindingOperation, counted: boolean): string => {
  const [v, o] = [valueText(value, counted), valueText(operand, counted)];
  const words: { readonly [f: string]: string } = {
    read: `read ${v}`,
    write: `write ${v}`,
    cas: `${o} -> ${v}`,
    add: `add ${o === '' ? '1' : o}${v === '' ? '' : `, now ${v}`}`,
    take: `take ${o === '' ? '1' : o}${v === '' ? '' : `, left ${v}`}`,
    ask: `answered ${plain(leavesInWords(value), 80)}`,
    change: `sent ${plain(String(value), 40)}`,
    restock: `restock ${o === '' ? '1' : o}`,
    transfer: `transfer ${o}: ${v} -> ${plain(version === undefined ? '' : writeJson(version), 24)}`,
  };
  const told = version === undefined || f === 'transfer' ? '' : ` (${plain(writeJson(version), 24)})`;
  const outcome = { ok: '', fail: ', refused', info: ', outcome unknown' }[status];
  return `${words[f] ?? `${f} ${v}`.trim()}${told}${outcome}`;
};

/** Whether a reason says only what one operation did, which that operation's own line says, too. */
export const isOfOneOperation = (reason: string): boolean =>
  /^[A-Z] (?:of session \S+ )?(?:wrote|read|replaced) [^,:;]*$/u.test(reason);

/** A time since the run began, in ms, to the µs. @param ns nanoseconds */
export const msOf = (ns: number): string => (ns / 1e6).toFixed(ns % 1e6 === 0 ? 0 : 3);
