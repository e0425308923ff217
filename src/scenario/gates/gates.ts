import { metrics, type MetricName } from '../../core/metric.ts';
import type { Gate } from '../../core/plan/plan.ts';
import type { SweepGate } from '../../core/sweep/plan.ts';
import { readLimit } from './limit.ts';
import { checkMode, checkScope, checkUsage, isUsage, isMetric, unknownMetric, type GatedMode } from './names.ts';
import { readRelative, type RelativePieces } from './relative.ts';
import { cutGate, type GateFault, type GatePieces, type Piece } from './text.ts';
import { isSweepMetric, readSweepGate } from './sweep.ts';
import { at, type Complaint } from '../text/locate.ts';
import { markOf } from '../names/templates.ts';
import { entriesOf, find, itemsOf, textOf, treeOf, withEntry, type Branch, type Leaf } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** The scenario with its gates as meant, plus those from `--gate`. */
export const withGates = (written: Branch, more: readonly string[]): Branch => {
  const scenario = withTagGates(written);
  if (more.length === 0) return scenario;
  const added = more.map((text) => treeOf(text, '--gate', 'gates'));
  const list = find(scenario, 'gates') ?? { kind: 'list', mark: '--gate', path: 'gates', items: [] };
  // The schema complains if the list is not a list.
  if (list.kind !== 'list') return scenario;
  const key = scenario.entries.get('gates')?.key ?? '--gate';
  return withEntry(scenario, 'gates', { key, value: { ...list, items: [...list.items, ...added] } });
};

/** To YAML `p99(tag: checkout) < 1s` is a map, because of the space after its colon. This restores the text as written. */
const withTagGates = (scenario: Branch): Branch => {
  const entry = scenario.entries.get('gates');
  if (entry?.value.kind !== 'list') return scenario;
  const items = entry.value.items.map((item) => {
    const [[key, written] = [], ...others] = entriesOf(item);
    const rest = textOf(written?.value);
    if (key === undefined || written === undefined || rest === undefined || others.length > 0) return item;
    if (!/^[A-Za-z][\w.]*\s*\([^()]*\btag$/u.test(key)) return item;
    const leaf: Leaf = { kind: 'leaf', mark: written.key, path: item.path, value: `${key}: ${rest}` };
    return typeof written.key === 'number' ? { ...leaf, textAt: written.key } : leaf;
  });
  return withEntry(scenario, 'gates', { ...entry, value: { ...entry.value, items } });
};

/** A gate on a whole sweep, and where it is written. */
export interface WrittenSweepGate {
  readonly gate: SweepGate;
  readonly place: Leaf;
}

interface ReadGates {
  readonly gates: readonly Gate[];
  /** Gates that a run ignores. */
  readonly ofSweep: readonly WrittenSweepGate[];
  readonly complaints: readonly Complaint[];
}

/**
 * The gates of a scenario, and everything wrong with them.
 *
 * @param modes all the scenario's modes, whether they are run or not
 */
export const readGates = (scenario: Branch, modes: readonly GatedMode[]): ReadGates => {
  const gates: Gate[] = [];
  const ofSweep: WrittenSweepGate[] = [];
  const complaints: Complaint[] = [];
  for (const item of itemsOf(find(scenario, 'gates'))) {
    const written = item.kind === 'map' ? find(item, 'gate') : item;
    const text = textOf(written);
    if (written?.kind !== 'leaf' || text === undefined) continue;
    const abort = find(item, 'abort');
    const read = readGate(text, scenario, modes);
    if ('faults' in read) complaints.push(...read.faults.map((fault) => complaintOf(fault, written, text)));
    else if ('sweepGate' in read) {
      ofSweep.push({ gate: read.sweepGate, place: written });
      if (abort?.kind === 'leaf' && abort.value === true) complaints.push(at(abort, ...noAbortOfSweep));
    } else if (abort?.kind !== 'leaf' || abort.value !== true) gates.push(read.gate);
    else if (read.gate.metric === 'generator') complaints.push(at(abort, ...noAbort));
    else gates.push({ ...read.gate, abort: true });
  }
  return { gates, ofSweep, complaints };
};

/** Why a gate on a sweep cannot stop it, and how to fix it. */
const noAbortOfSweep: [message: string, hint: string] = [
  'a sweep is judged as a whole: this gate cannot abort it',
  'leave "abort" out; any other gate may have it',
];

/** Why the generator cannot stop a run, and how to fix it. */
const noAbort: [message: string, hint: string] = [
  'the generator is judged over the whole run: it cannot abort it',
  'leave "abort" out; any other gate may have it',
];

/** A flag has no line to show, so the message says which gate it is. */
const complaintOf = ({ at, message, hint }: GateFault, leaf: Leaf, text: string): Complaint => ({
  mark: markOf(leaf, at),
  path: leaf.path,
  message: typeof leaf.mark === 'string' ? `${message} (in ${quoted(text)})` : message,
  hint,
});

type Read = { readonly gate: Gate } | { readonly sweepGate: SweepGate } | { readonly faults: readonly GateFault[] };

const readGate = (text: string, scenario: Branch, modes: readonly GatedMode[]): Read => {
  const [generator] = /^\s*generator(?![\w.])\s*/u.exec(text) ?? [];
  if (generator !== undefined) return readGenerator(text, generator.length, modes);
  const pieces = cutGate(
    text,
    modes.map(({ name }) => name),
  );
  if (!('metric' in pieces)) return { faults: [pieces] };
  if (isSweepMetric(pieces.metric.text)) return readSweepGate(text, pieces, modes);
  if (hasAgainst(pieces)) return readRelative(text, pieces, modes);
  const { metric, mode } = pieces;
  const tree = modes.find(({ name }) => name === mode.text)?.tree;
  const faults = [...checkMode(mode, modes)];
  const name = metric.text;
  if (name === 'consistency') {
    faults.push(...checkScope(pieces, 'mode', tree), ...checkJudged(metric, scenario), ...checkUnlimited(pieces));
    return faults.length > 0 ? { faults } : { gate: { text, metric: name, mode: mode.text } };
  }
  if (!isMetric(name)) return { faults: [...faults, unknownMetric(metric)] };
  faults.push(...checkScope(pieces, metrics[name].scope, tree), ...checkEvaluable(name, metric, scenario, tree));
  const limit = readLimit(name, pieces.condition, text.trimEnd().length);
  if ('message' in limit) return { faults: [...faults, limit] };
  if (faults.length > 0) return { faults };
  const step = pieces.step === undefined ? {} : { step: pieces.step.text };
  return { gate: { text, metric: name, mode: mode.text, ...step, ...limit } };
};

const hasAgainst = (pieces: GatePieces): pieces is RelativePieces => pieces.condition?.against !== undefined;

const readGenerator = (text: string, at: number, modes: readonly GatedMode[]): Read => {
  if (text.length === at) return { gate: { text, metric: 'generator' } };
  const [whole, open = '', name = ''] = /^(\(\s*)([^()]*?)\s*\)\s*/u.exec(text.slice(at)) ?? [];
  if (whole === undefined || text.length > at + whole.length) {
    const message = 'generator takes no limit: it kept up or it did not';
    const hint = 'write it alone, generator, or with a mode: generator(locked)';
    return { faults: [{ at: at + (whole?.length ?? 0), message, hint }] };
  }
  const faults = checkMode({ text: name, at: at + open.length }, modes);
  return faults.length > 0 ? { faults } : { gate: { text, metric: 'generator', mode: name } };
};

const checkUnlimited = ({ mode, condition }: GatePieces): GateFault[] =>
  condition === undefined
    ? []
    : [
        {
          at: condition.op.at,
          message: 'consistency takes no limit: it holds or it does not',
          hint: `consistency(${mode.text})`,
        },
      ];

/** Finds a gate that can never be evaluated. */
const checkEvaluable = (name: MetricName, metric: Piece, scenario: Branch, tree: Branch | undefined): GateFault[] => {
  if (name === 'lost') return checkJudged(metric, scenario);
  if (isUsage(name)) return [...checkUsage(name, metric, tree)];
  if (!name.startsWith('lockWait.') || tree === undefined || lockOf(tree) !== 'none') return [];
  const message = `${name} can never be evaluated: this mode has no lock to wait for`;
  return [{ at: metric.at, message, hint: 'take a mode with a lock' }];
};

const checkJudged = ({ text, at }: Piece, scenario: Branch): GateFault[] =>
  find(scenario, 'consistency') === undefined
    ? [
        {
          at,
          message: `${text} can never be evaluated: the scenario has no "consistency" section`,
          hint: 'add one, or leave the gate out',
        },
      ]
    : [];

const lockOf = (mode: Branch): unknown => {
  const lock = find(mode, 'lock');
  if (lock === undefined) return 'none';
  return lock.kind === 'leaf' ? lock.value : entriesOf(lock)[0]?.[0];
};
