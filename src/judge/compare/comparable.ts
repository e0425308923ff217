import type { Mode, Plan } from '../../core/plan/plan.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';

/** Rates that differ by more are a different load; random arrivals differ by less from run to run. */
const sameRate = 0.05;

/** Why two runs may not be compared, one sentence per reason; empty if they may. */
export const differencesOf = (before: Result, after: Result): readonly string[] => [
  ...[before, after].flatMap(({ invalid, startedAt }) =>
    invalid === undefined ? [] : [`the run of ${startedAt} is invalid: ${invalid.message}`],
  ),
  ...apart('schemaVersion', before.schemaVersion, after.schemaVersion),
  ...apart('contend', majorOf(before.tool.version), majorOf(after.tool.version)),
  ...machineDifferencesOf(before, after),
  ...apart('scenario', before.scenario.name, after.scenario.name),
  ...apart('control', before.scenario.control, after.scenario.control),
  ...after.modes.flatMap((mode) => {
    const earlier = before.modes.find(({ name }) => name === mode.name);
    if (earlier === undefined) return mode.name === after.scenario.control ? [noControl(mode.name)] : [];
    return modeDifferences(earlier, mode, mode.name === after.scenario.control);
  }),
];

/** How the machines of two runs differ, as far as it makes their numbers incomparable. */
const machineDifferencesOf = (
  { machine: before }: Pick<Result, 'machine'>,
  { machine: after }: Pick<Result, 'machine'>,
): readonly string[] => [
  ...apart('Node', majorOf(before.node), majorOf(after.node)),
  ...apart('cpu', before.cpu, after.cpu),
  ...apart('cores', before.cores, after.cores),
  ...apart('kernel', kernelName(before.kernel), kernelName(after.kernel)),
];

/** Why a run that has not begun cannot be compared with an earlier one, as far as its plan tells. */
export const planDifferencesOf = (before: Result, { name, control, modes }: Plan): readonly string[] => [
  ...(before.invalid === undefined ? [] : [`the run of ${before.startedAt} is invalid: ${before.invalid.message}`]),
  ...apart('scenario', before.scenario.name, name),
  ...apart('control', before.scenario.control, control),
  ...modes.flatMap((mode) => {
    const earlier = before.modes.find((one) => one.name === mode.name);
    if (earlier === undefined) return mode.name === control ? [noControl(control)] : [];
    return [
      ...(mode.name === control ? apart(`lock of ${control}`, earlier.lock, mode.lock.name) : []),
      ...apart(`users of ${mode.name}`, earlier.users, mode.load.users),
      ...changedBefore(earlier),
      ...apart(`connections of ${mode.name}`, connectionsOf(earlier), connectionsOf(mode)),
      ...apart(`load of ${mode.name}`, loadOf(earlier), loadOfPlan(mode)),
    ];
  }),
];

const changedBefore = ({ name, usersChanged }: ModeResult): readonly string[] =>
  usersChanged === undefined ? [] : [`the users of ${name} were changed by hand before`];

const noControl = (control: string): string => `control: ${control} was not measured before`;

const apart = (what: string, before: string | number, after: string | number): readonly string[] =>
  before === after ? [] : [`${what}: ${before} before, ${after} after`];

const modeDifferences = (before: ModeResult, after: ModeResult, isControl: boolean): readonly string[] => {
  const { name } = after;
  const [then, now] = [before.offered?.perSecond ?? 0, after.offered?.perSecond ?? 0];
  const loads = apart(`load of ${name}`, loadOf(before), loadOf(after));
  return [
    ...(isControl
      ? [
          ...apart(`lock of ${name}`, before.lock, after.lock),
          ...apart(`workers of ${name}`, before.workers, after.workers),
          ...apart(`transport of ${name}`, before.transport, after.transport),
          ...apart(`HTTP version of ${name}`, before.httpVersion ?? '1.1', after.httpVersion ?? '1.1'),
        ]
      : []),
    ...apart(`users of ${name}`, before.users, after.users),
    ...changedBefore(before),
    ...(after.usersChanged === undefined ? [] : [`the users of ${name} were changed by hand after`]),
    ...apart(`connections of ${name}`, connectionsOf(before), connectionsOf(after)),
    ...loads,
    ...(loads.length === 0 && Math.abs(then - now) > sameRate * Math.max(then, now)
      ? apart(`rate of ${name}`, `${Math.round(then)}/s`, `${Math.round(now)}/s`)
      : []),
  ];
};

const connectionsOf = ({ keepAlive = true }: { readonly keepAlive?: boolean }): string =>
  keepAlive ? 'kept' : 'one for each request';

const loadOf = ({ offered }: ModeResult): string => (offered === null ? 'closed' : 'open');

const loadOfPlan = ({ load }: Mode): string => load.kind;

const majorOf = (version: string): string => /^v?(\d+)/u.exec(version)?.[1] ?? version;

/** `linux 6.1.0` → `linux` */
const kernelName = (kernel: string): string => kernel.split(' ', 1)[0]!.toLowerCase();
