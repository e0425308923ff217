import type { CarriedRows } from '../../../core/history/about.ts';
import { type History, info, ok, operations } from '../../../core/history/history.ts';
import type { ConsistencyVerdict } from '../../../core/result/finding.ts';
import type { HistoryVerdict, KeyFinding } from '../history-verdict.ts';
import type { ModelName } from '../model-names.ts';
import { pickRows } from './rows.ts';

/** Keys that were judged again, with what may have taken effect of earlier slots. */
export interface Reconsidered {
  readonly keys: { readonly [key: string]: { readonly verdict: ConsistencyVerdict; readonly because?: string } };
  /** Its rows are those of `history`. */
  readonly findings: readonly KeyFinding[];
  readonly history: History;
}

/**
 * Judges keys again that are wrong by the operations of the slot alone, as changes of earlier slots may have taken effect in it. Keys that
 * are right without those need no second look, as none of them need have taken effect.
 *
 * @param keys that were found to be wrong
 * @param judge by the operations that it is given
 */
export const reconsider = (
  history: History,
  { rows: carried, more }: CarriedRows,
  { model, keys }: { readonly model: ModelName; readonly keys: readonly string[] },
  judge: (history: History) => HistoryVerdict,
): Reconsidered => {
  if (keys.length === 0) return { keys: {}, findings: [], history };
  if (more !== undefined) {
    const because = `${more}, and what they changed may show in this one; ${hint}`;
    return { keys: Object.fromEntries(keys.map((key) => [key, unknown(because)])), findings: [], history };
  }
  const { rows, of } = rowsOf(history, model, keys, carried);
  const own = pickRows(history, rows);
  const { findings, ...judged } = judge(own);
  const byKey = new Map<string, KeyFinding[]>();
  for (const one of findings) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  const kept: KeyFinding[] = [];
  const verdicts = keys.flatMap((key) => {
    const part = of.get(model === 'transfer' ? 'all' : key);
    const said = judged.keys[key];
    if (part === undefined || said === undefined) return [];
    const mine = byKey.get(key) ?? [];
    const standing = mine.flatMap((one) => stands(model, own, part, one) ?? []);
    kept.push(...standing);
    return [[key, verdictOf(said, part, standing.length, reasons[model])] as const];
  });
  return { keys: Object.fromEntries(verdicts), findings: kept, history: own };
};

const hint = '"settle:" under "consistency:" says how long a change may still take effect';

const unknown = (because: string): Reconsidered['keys'][string] => ({ verdict: 'unknown', because });

/** The rows of a key, those of earlier slots kept apart. */
interface Part {
  readonly carried: number[];
  readonly acknowledged: number[];
  /** Those of this slot with an unknown outcome. */
  readonly open: number[];
}

const [readOf, sectionOf, elementOf, casOf, releaseOf] = (
  ['read', 'section', 'element', 'cas', 'release'] as const
).map((f) => operations.indexOf(f)) as [number, number, number, number, number];

/** The rows of these keys and, by key, their places among those rows. */
const rowsOf = (
  { length, key, keys, f, status }: History,
  model: ModelName,
  wanted: readonly string[],
  carried: number,
): { readonly rows: Uint32Array; readonly of: ReadonlyMap<string, Part> } => {
  const isWhole = model === 'transfer';
  const names = new Set(wanted);
  const isWanted = keys.map((one) => isWhole || names.has(one));
  const rows = new Uint32Array(length);
  const of = new Map<string, Part>();
  let count = 0;
  for (let row = 0; row < length; row++) {
    if (!isWanted[key[row]!]!) continue;
    const name = isWhole ? 'all' : keys[key[row]!]!;
    let part = of.get(name);
    if (part === undefined) of.set(name, (part = { carried: [], acknowledged: [], open: [] }));
    const isChange = f[row] !== readOf && f[row] !== sectionOf && f[row] !== elementOf;
    if (row < carried) part.carried.push(count);
    else if (isChange && status[row] === ok) part.acknowledged.push(count);
    else if (isChange && status[row] === info) part.open.push(count);
    rows[count++] = row;
  }
  return { rows: rows.subarray(0, count), of };
};

/** What is left of a finding where changes of earlier slots may do more than the model allows; `undefined` if nothing is. */
const stands = (model: ModelName, history: History, part: Part, finding: KeyFinding): KeyFinding | undefined => {
  if (part.carried.length === 0) return finding;
  if (model === 'rmw-counter') {
    // A number written back late sets the value back, and every value after it may then come up again.
    const setBack = part.carried.filter((row) => history.f[row] === casOf).length;
    if (setBack === 0) return finding;
    const surely = mostBuiltOnOne(history, part.acknowledged) - 1 - setBack;
    if (finding.rule !== 'lost-update' || surely < 1) return undefined;
    return { ...finding, atLeast: Math.min(finding.atLeast, surely) };
  }
  // A reset forgets what was done, so a late request may be done once more.
  if (model === 'once' && finding.rule !== 'answers-differ') {
    const surely = finding.atLeast - part.carried.length;
    return finding.rule === 'done-twice' && surely > 0 ? { ...finding, atLeast: surely } : undefined;
  }
  // All modes use the same values: two appends of one element cannot be told apart.
  if (model === 'append-log') return isAppendedAgain(history, part) ? undefined : finding;
  // Without a token, a late release may end any session's hold.
  const isLoose = (row: number): boolean => history.f[row] === releaseOf && Number.isNaN(history.version[row]!);
  return model === 'mutex' && part.carried.some(isLoose) ? undefined : finding;
};

/** What a late change may do that {@link stands} does not take into account. */
const reasons: { readonly [model in ModelName]?: string } = {
  'rmw-counter': 'a number that is written back late undoes all that came after it',
  'append-log':
    'all modes append the same elements, so one that came late and was appended again may rightly be there twice',
  'mutex': 'a release without a token may end the hold of another client',
};

/** Whether an element of earlier slots was appended more than once. */
const isAppendedAgain = ({ value }: History, { carried, acknowledged, open }: Part): boolean => {
  const before = new Set(carried.map((row) => value[row]!));
  return before.size < carried.length || [...acknowledged, ...open].some((row) => before.has(value[row]!));
};

/** The largest number of acknowledged changes that were built on the same value. */
const mostBuiltOnOne = ({ f, operand }: History, rows: readonly number[]): number => {
  const counts = new Map<number, number>();
  let most = 0;
  for (const row of rows) {
    if (f[row] !== casOf) continue;
    const count = (counts.get(operand[row]!) ?? 0) + 1;
    counts.set(operand[row]!, count);
    most = Math.max(most, count);
  }
  return most;
};

const verdictOf = (
  said: Reconsidered['keys'][string],
  { carried, acknowledged, open }: Part,
  findings: number,
  reason: string | undefined,
): Reconsidered['keys'][string] => {
  if (findings > 0) return { verdict: 'violated' };
  const changes = `${carried.length} ${carried.length === 1 ? 'change' : 'changes'} of unknown outcome from slots before`;
  if (said.verdict === 'violated')
    return unknown(`${changes} may have done this${reason === undefined ? '' : `: ${reason}`}; ${hint}`);
  if (said.verdict === 'unknown') return unknown(`${said.because ?? ''}; ${changes} may have taken effect: ${hint}`);
  if (acknowledged.length > 0 && carried.length + open.length > acknowledged.length)
    return unknown(
      `${changes} may have taken effect, and ${acknowledged.length} of this one are acknowledged: too few to tell; ${hint}`,
    );
  return said;
};
