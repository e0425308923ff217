import { metrics, percentiles, type MetricName } from '../core/metric.ts';
import type { Gate } from '../core/plan.ts';
import { readLimit } from './gate-limit.ts';
import { cutGate, type GateFault, type GatePieces, type Piece } from './gate-text.ts';
import type { Complaint } from './locate.ts';
import { modesAre } from './modes.ts';
import { requestTrees } from './requests.ts';
import { didYouMean } from './suggest.ts';
import { markOf } from './templates.ts';
import { entriesOf, find, itemsOf, textOf, treeOf, withEntry, type Branch, type Leaf, type Tree } from './tree.ts';
import { quoted } from './words.ts';

/** A mode that a gate may name, with everything laid in. */
export interface GatedMode {
  readonly name: string;
  readonly tree: Branch;
}

/** The scenario with further gates, from `--gate`. */
export const withGates = (scenario: Branch, more: readonly string[]): Branch => {
  if (more.length === 0) return scenario;
  const added = more.map((text) => treeOf(text, '--gate', 'gates'));
  const list = find(scenario, 'gates') ?? { kind: 'list', mark: '--gate', path: 'gates', items: [] };
  // What should be a list and is not gets its complaint from the schema.
  if (list.kind !== 'list') return scenario;
  const key = scenario.entries.get('gates')?.key ?? '--gate';
  return withEntry(scenario, 'gates', { key, value: { ...list, items: [...list.items, ...added] } });
};

/**
 * The gates of a scenario, and everything that is wrong with them.
 *
 * @param modes all that the scenario has, whether they are run or not
 */
export const readGates = (
  scenario: Branch,
  modes: readonly GatedMode[],
): { readonly gates: readonly Gate[]; readonly complaints: readonly Complaint[] } => {
  const gates: Gate[] = [];
  const complaints: Complaint[] = [];
  for (const item of itemsOf(find(scenario, 'gates'))) {
    const text = textOf(item);
    if (item.kind !== 'leaf' || text === undefined) continue;
    const read = readGate(text, scenario, modes);
    if ('faults' in read) complaints.push(...read.faults.map((fault) => complaintOf(fault, item, text)));
    else gates.push(read.gate);
  }
  return { gates, complaints };
};

/** A flag has no line that could be shown, so the message says which gate it is. */
const complaintOf = ({ at, message, hint }: GateFault, leaf: Leaf, text: string): Complaint => ({
  mark: markOf(leaf, at),
  path: leaf.path,
  message: typeof leaf.mark === 'string' ? `${message} (in ${quoted(text)})` : message,
  hint,
});

const readGate = (
  text: string,
  scenario: Branch,
  modes: readonly GatedMode[],
): { readonly gate: Gate } | { readonly faults: readonly GateFault[] } => {
  const pieces = cutGate(text);
  if (!('metric' in pieces)) return { faults: [pieces] };
  const { metric, mode } = pieces;
  const faults = [...checkMode(mode, modes)];
  const tree = modes.find(({ name }) => name === mode.text)?.tree;
  const name = metric.text;
  if (name === 'consistency') {
    faults.push(...checkScope(pieces, 'mode', tree), ...checkJudged(metric, scenario));
    const { condition } = pieces;
    if (condition !== undefined) {
      const { at } = condition.op;
      faults.push({
        at,
        message: 'consistency takes no limit: it holds or it does not',
        hint: `consistency(${mode.text})`,
      });
    }
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

const isMetric = (name: string): name is MetricName => Object.hasOwn(metrics, name);

const unknownMetric = ({ text, at }: Piece): GateFault => {
  if (/(^|\.)max$/.test(text)) {
    return { at, message: 'the maximum is never gated: it is one sample', hint: 'take a percentile, such as p99.9' };
  }
  const labels = Object.values(percentiles).map((percent) => `p${percent}`);
  const known = `there are throughput, mean, ${labels.join(', ')} (also as service.p99 and lockWait.p99), errors, lost, consistency`;
  return {
    at,
    message: `unknown metric ${quoted(text)}`,
    hint: didYouMean(text, [...Object.keys(metrics), 'consistency']) ?? known,
  };
};

const checkMode = ({ text, at }: Piece, modes: readonly GatedMode[]): GateFault[] => {
  const names = modes.map(({ name }) => name);
  if (names.includes(text)) return [];
  if (text === '') return [{ at, message: 'no mode is named', hint: modesAre(names) }];
  return [{ at, message: `no mode is called ${quoted(text)}`, hint: didYouMean(text, names) ?? modesAre(names) }];
};

/** Whether a metric is asked of a mode or of a step, as it can be. */
const checkScope = (
  { metric, mode, step }: GatePieces,
  scope: 'mode' | 'step' | 'either',
  tree: Branch | undefined,
): GateFault[] => {
  if (step === undefined) {
    if (scope !== 'step') return [];
    const [first] = stepNames(tree);
    const hint = `name it: ${metric.text}(${mode.text}/${first ?? 'read'})`;
    return [{ at: mode.at, message: `${metric.text} is that of one step`, hint }];
  }
  if (scope === 'mode') {
    const hint = `${metric.text}(${mode.text})`;
    return [{ at: step.at, message: `${metric.text} is that of a whole mode, not of a step`, hint }];
  }
  const names = stepNames(tree);
  if (tree === undefined || names.includes(step.text)) return [];
  const stepsAre = `the steps of ${quoted(mode.text)} are ${names.slice(0, 10).map(quoted).join(', ')}`;
  return [
    { at: step.at, message: `no step is called ${quoted(step.text)}`, hint: didYouMean(step.text, names) ?? stepsAre },
  ];
};

const stepNames = (tree: Tree | undefined): readonly string[] =>
  requestTrees(find(tree, 'steps')).flatMap((request) => textOf(find(request, 'name')) ?? []);

/** A gate that nothing can ever be measured for. */
const checkEvaluable = (name: MetricName, metric: Piece, scenario: Branch, tree: Branch | undefined): GateFault[] => {
  if (name === 'lost') return checkJudged(metric, scenario);
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
