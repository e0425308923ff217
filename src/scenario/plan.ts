import type { Conflict, CriticalStep, Expect, Mode, Processing, RequestStep, Step, Tls } from '../core/plan.ts';
import type { Choice, Json } from '../core/json.ts';
import { parseDurations } from '../core/duration.ts';
import { micros } from '../core/units.ts';
import { observationsOf, readsOf } from './consistency.ts';
import { dataOf, type Place } from './data.ts';
import { loadOf } from './load.ts';
import type { ModelOutput } from './schema/consistency.ts';
import { methods, methodWords, usualConflict, type RequestOutput } from './schema/steps.ts';
import type { Scenario } from './schema/scenario.ts';

/**
 * A mode of the plan.
 *
 * @param scenario valid, with the mode laid over it: each request has its name and all its headers
 * @param place of the mode among those that are run
 * @param differentWorkload the mode has keys of its own for load or data
 */
export const modeOf = (scenario: Scenario, name: string, differentWorkload: boolean, place: Place): Mode => {
  const { timeouts } = scenario;
  const consistency = scenario.consistency as { readonly [model: string]: ModelOutput | undefined } | undefined;
  const load = loadOf(scenario);
  const request = (step: RequestOutput): RequestStep => requestOf(step, timeouts.request);
  return {
    name,
    target: scenario.target,
    load,
    data: dataOf(scenario.data, load, place),
    lock: scenario.lock,
    workers: scenario.workers,
    pacing: scenario.pacing,
    transport: scenario.transport,
    tls: tlsOf(scenario.tls),
    timeouts: { connectUs: timeouts.connect, lockUs: timeouts.lock },
    process: processingOf(scenario.process),
    before: scenario.before.map(request),
    steps: stepsOf(scenario, request),
    observe: observationsOf(consistency),
    reads: readsOf(consistency, readWith(scenario)),
    violations: scenario.violations,
    differentWorkload,
  };
};

/** Without the keys that are not there: the plan is plain JSON. */
const tlsOf = ({ insecure, ...names }: Scenario['tls']): Tls => ({
  insecure,
  ...(Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined)) as Omit<Tls, 'insecure'>),
});

const processingOf = ({ name, options }: Choice): Processing => ({
  kind: name === 'busy' ? 'busy' : 'pause',
  us: micros(Number(options)),
});

const requestOf = (step: RequestOutput, timeoutUs: RequestStep['timeoutUs']): RequestStep => {
  const word = methodWords.find((method) => step[method] !== undefined) ?? 'get';
  return {
    kind: 'request',
    name: step.name ?? '',
    method: methods[word],
    path: step[word] ?? '',
    headers: headersOf(step.headers),
    ...(step.json === undefined ? {} : { json: step.json as Json }),
    capture: step.capture,
    expect: expectOf(step.expect),
    timeoutUs: step.timeout ?? timeoutUs,
  };
};

/** Without the keys that are not there: the plan is plain JSON. */
const expectOf = ({ status, within, size, headers, body, that }: RequestOutput['expect']): Expect => ({
  ...(status === undefined ? {} : { status }),
  ...(within === undefined ? {} : { withinUs: within }),
  ...(size === undefined ? {} : { size }),
  ...(headers === undefined
    ? {}
    : { headers: Object.fromEntries(Object.entries(headers).map(([name, check]) => [name.toLowerCase(), check])) }),
  ...(body === undefined ? {} : { body: body as NonNullable<Expect['body']> }),
  ...(that === undefined ? {} : { that }),
});

const headersOf = (headers: { readonly [name: string]: string | null }): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

/**
 * Where no step is critical, the whole iteration is one critical section. Its steps have the mode's conflict, unless they
 * have their own.
 */
const stepsOf = (scenario: Scenario, request: (step: RequestOutput) => RequestStep): readonly Step[] => {
  const inside = (step: RequestOutput): RequestStep => {
    const conflict = step.conflict?.status ?? scenario.conflict?.status;
    return conflict === undefined ? request(step) : { ...request(step), conflict };
  };
  const section = (steps: readonly RequestOutput[]): CriticalStep => {
    const conflict = conflictOf(scenario, steps);
    return {
      kind: 'critical',
      steps: atLeastOne(steps.map(inside)),
      ...(conflict === undefined ? {} : { conflict }),
    };
  };
  const requests = scenario.steps.filter((step) => !isCritical(step));
  if (requests.length === scenario.steps.length) return [section(requests)];
  return scenario.steps.map((step) => (isCritical(step) ? section(step.critical) : request(step)));
};

const isCritical = (step: Scenario['steps'][number]): step is Extract<typeof step, { readonly critical: object }> =>
  step.critical !== undefined;

/** What follows a conflict: as one of the section's steps says, or the mode. All steps that say it say the same. */
const conflictOf = ({ conflict: ofMode }: Scenario, steps: readonly RequestOutput[]): Conflict | undefined => {
  const ofSteps = steps.flatMap(({ conflict }) => conflict ?? []);
  if (ofMode === undefined && ofSteps.length === 0) return undefined;
  const { retries, backoff } = usualConflict;
  return {
    retries: ofSteps.find((one) => one.retries !== undefined)?.retries ?? ofMode?.retries ?? retries,
    backoffUs: ofSteps.find((one) => one.backoff !== undefined)?.backoff ?? ofMode?.backoff ?? parseDurations(backoff)!,
  };
};

const atLeastOne = (steps: readonly RequestStep[]): CriticalStep['steps'] => {
  const [first, ...others] = steps;
  if (first === undefined) throw new Error('the schema lets no empty section through');
  return [first, ...others];
};

/** A read of a value has the headers of all steps. */
const readWith =
  ({ headers, timeouts }: Scenario) =>
  (path: string): RequestStep => ({
    kind: 'request',
    name: 'final read',
    method: 'GET',
    path,
    headers: headersOf(headers),
    capture: {},
    expect: {},
    timeoutUs: timeouts.request,
  });
