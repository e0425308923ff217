import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { isRelative, type Plan } from '../../core/plan/plan.ts';
import type { Tables } from '../../core/table.ts';
import { budgetOf, withinBudget, type Budget } from '../flags/budget.ts';
import type { RunFlags } from '../flags/run.ts';
import { extendOf } from '../flags/settings.ts';
import { namedOf } from './named.ts';
import { readPlan } from './plan.ts';

/** What is to be run: the scenario with the settings of flags and environment. */
export interface Asked {
  readonly plan: Plan;
  /** The rows of the files that its variables read. */
  readonly tables: Tables;
  /** The modes that `--target` applies to, if others have a target of their own; `undefined` if there is nothing to tell apart. */
  readonly retargeted: readonly string[] | undefined;
  /** Whether the rounds are doubled if a gate that compares modes is undecided. */
  readonly mayExtend: boolean;
  /** The most rounds. */
  readonly mostRounds: number;
  readonly budget: Budget | undefined;
  /** What `-b @file` sends; it is in no scenario's folder. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Reads a scenario, or makes one for an address; `undefined` if it has problems, which are then on stderr.
 *
 * @param named path of the scenario, or an address
 * @throws {ContendError} ERR_USAGE
 */
export const askedOf = async (host: Host, named: string, flags: RunFlags): Promise<Asked | undefined> => {
  const extend = extendOf(flags.extend, host.env);
  const isOpen = (flags.rate ?? flags.rps ?? host.env['CONTEND_RATE']) !== undefined;
  const { file, options, bytes } = await namedOf(host, named, flags, 'run', { isOpen, isTimed: true });
  const read = await readPlan(host, file, { ...options, extend });
  if (read === undefined) return undefined;
  const { plan, tables } = read;
  const retargeted = retargetedBy(flags.target, plan);
  // Only a gate that compares modes can need more rounds; without one, a second look would widen every interval for nothing.
  const mayExtend = extend && plan.gates.some(isRelative);
  return {
    plan,
    tables,
    retargeted,
    mayExtend,
    mostRounds: mayExtend ? 2 * plan.rounds : plan.rounds,
    budget: budgetOf(flags.budget, host.env),
    bytes,
  };
};

/**
 * The modes that a target flag applies to: those with a target of their own keep it.
 *
 * @throws {ContendError} ERR_USAGE if it applies to none
 */
const retargetedBy = (target: string | true | undefined, { modes }: Plan): readonly string[] | undefined => {
  if (typeof target !== 'string') return undefined;
  // Normalized as the schema does it.
  const meant = target.replace(/\/+$/u, '');
  const reached = modes.filter((mode) => mode.target === meant || mode.target === target).map(({ name }) => name);
  if (reached.length === modes.length) return undefined;
  if (reached.length > 0) return reached;
  throw new ContendError(
    'ERR_USAGE',
    `--target ${target} reaches no mode: ${modes.length === 1 ? `${modes[0].name} has a target` : 'each of them has a target'} of its own.`,
    'Change target: under modes: in the scenario, or take it out there.',
  );
};

/**
 * The plan with its slots shortened to the budget, if there is one.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const affordable = ({ plan, budget, mostRounds }: Asked): Plan =>
  budget === undefined ? plan : withinBudget(plan, budget, mostRounds);
