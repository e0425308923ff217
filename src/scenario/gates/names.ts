import { metrics, percentiles, tagIn, type Metric, type MetricName } from '../../core/metric.ts';
import type { GateFault, NamedMetric, Piece } from './text.ts';
import { modesAre } from '../layers/modes.ts';
import { groupNames, requestTrees } from '../names/requests.ts';
import { didYouMean } from '../text/suggest.ts';
import { find, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** A mode that a gate may name, with everything laid in. */
export interface GatedMode {
  readonly name: string;
  readonly tree: Branch;
  readonly differentWorkload: boolean;
}

/** Whether there is a metric by that name. */
export const isMetric = (name: string): name is MetricName => Object.hasOwn(metrics, name);

/** The fault for an unknown metric. */
export const unknownMetric = ({ text, at }: Piece): GateFault => {
  if (/(^|\.)max$/.test(text)) {
    return { at, message: 'the maximum is never gated: it is one sample', hint: 'take a percentile, such as p99.9' };
  }
  const labels = Object.values(percentiles).map((percent) => `p${percent}`);
  const known = `there are throughput, mean, ${labels.join(', ')} (also as service.p99 and lockWait.p99), errors, lost, consistency, generator, target.cpu, target.memory`;
  return {
    at,
    message: `unknown metric ${quoted(text)}`,
    hint: didYouMean(text, [...Object.keys(metrics), 'consistency', 'generator']) ?? known,
  };
};

/** Checks the name of a mode. */
export const checkMode = ({ text, at }: Piece, modes: readonly GatedMode[]): readonly GateFault[] => {
  const names = modes.map(({ name }) => name);
  if (names.includes(text)) return [];
  if (text === '') return [{ at, message: 'no mode is named', hint: modesAre(names) }];
  const [only, ...others] = modes;
  if (only !== undefined && others.length === 0 && stepNames(only.tree).includes(text))
    return [
      { at, message: `${quoted(text)} is a step, not a mode`, hint: `its mode comes first: ${only.name}/${text}` },
    ];
  return [{ at, message: `no mode is called ${quoted(text)}`, hint: didYouMean(text, names) ?? modesAre(names) }];
};

/**
 * Checks that a metric is asked of a mode or of a step, as is possible for it, and of a step or a group that exists.
 *
 * @param tree the mode, if there is one by that name
 */
export const checkScope = (
  { metric, mode, step }: NamedMetric,
  scope: Metric['scope'],
  tree: Branch | undefined,
): readonly GateFault[] => {
  if (step === undefined) return [];
  const tag = tagIn(step.text);
  if (scope === 'mode') {
    const hint = `${metric.text}(${mode.text})`;
    const what = tag === undefined ? 'a step' : 'a tag';
    return [{ at: step.at, message: `${metric.text} belongs to a whole mode, not to ${what}`, hint }];
  }
  if (tag !== undefined) return checkTag({ text: tag, at: step.at }, tree);
  const isOfGroups = isMetric(metric.text) && metrics[metric.text].scope === 'either';
  const groups = isOfGroups ? groupNames(find(tree, 'steps')).flatMap((name) => textOf(name) ?? []) : [];
  const names = [...stepNames(tree), ...groups];
  if (tree === undefined || names.includes(step.text)) return [];
  const these = groups.length === 0 ? 'steps' : 'steps and groups';
  const theyAre = `the ${these} of ${quoted(mode.text)} are ${names.slice(0, 10).map(quoted).join(', ')}`;
  const message = `no step ${groups.length === 0 ? '' : 'or group '}is called ${quoted(step.text)}`;
  return [{ at: step.at, message, hint: didYouMean(step.text, names) ?? theyAre }];
};

const checkTag = ({ text, at }: Piece, tree: Branch | undefined): readonly GateFault[] => {
  const tags = new Set(requestTrees(find(tree, 'steps')).flatMap((request) => tagsOf(find(request, 'tags'))));
  if (tree === undefined || tags.has(text)) return [];
  const theyAre =
    tags.size === 0
      ? `give them to steps: tags: [${text === '' ? 'checkout' : text}]`
      : `the tags are ${[...tags].slice(0, 10).map(quoted).join(', ')}`;
  return [{ at, message: `no step has the tag ${quoted(text)}`, hint: didYouMean(text, [...tags]) ?? theyAre }];
};

/** A tag, or a list of them. */
const tagsOf = (tree: Tree | undefined): readonly string[] =>
  (tree?.kind === 'list' ? tree.items : [tree]).flatMap((one) => textOf(one) ?? []);

/** Resource usage is only known for what contend has started itself, and for the built-in store no memory. */
export const checkUsage = (name: MetricName, { at }: Piece, tree: Branch | undefined): readonly GateFault[] => {
  if (!isUsage(name) || tree === undefined) return [];
  const target = textOf(find(tree, 'target'));
  const isServed = find(tree, 'serve') !== undefined;
  const isStore = target === undefined || target.startsWith('builtin:');
  const hint = 'take throughput or service.p50';
  if (name === 'store.cpu')
    return isStore
      ? []
      : [{ at, message: 'store.cpu is only known for the built-in store', hint: isServed ? 'take target.cpu' : hint }];
  if (isServed || (isStore && name === 'target.cpu')) return [];
  return [
    {
      at,
      message: `${name} is only known for a target that contend starts itself`,
      hint: `serve: { command: … }, or ${hint}`,
    },
  ];
};

/** Whether a metric is about a target's resource usage. */
export const isUsage = (name: MetricName): boolean => name === 'store.cpu' || name.startsWith('target.');

const stepNames = (tree: Tree | undefined): readonly string[] =>
  requestTrees(find(tree, 'steps')).flatMap((request) => textOf(find(request, 'name')) ?? []);
