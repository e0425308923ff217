import type { Mode, Processing, RequestStep, Tls } from '../../core/plan/plan.ts';
import type { Choice } from '../../core/json.ts';
import { micros } from '../../core/units.ts';
import { observationsOf, readsOf, settleUsOf, type Sections } from './consistency.ts';
import { changesOf, invariantIn, invariantOf } from './invariant.ts';
import { dataOf, type Place } from './data.ts';
import { loadOf } from './load.ts';
import { serveOf } from './serve.ts';
import { authOf, headersOf, redirectsOf, requestOf, stepsOf } from './steps.ts';
import type { ReadOutput } from '../schema/consistency.ts';
import type { RequestOutput } from '../schema/steps.ts';
import type { Scenario } from '../schema/scenario.ts';

/**
 * A mode of the plan.
 *
 * @param scenario valid, with the mode laid over it: each request has its name and all its headers
 * @param place of the mode among those that are run
 * @param differentWorkload whether the mode overrides load or data
 * @param manyKeys how many values each model reads, if that takes long
 */
export const modeOf = (
  scenario: Scenario,
  name: string,
  differentWorkload: boolean,
  place: Place,
  manyKeys: ReadonlyMap<string, number> = new Map(),
): Mode => {
  const { timeouts } = scenario;
  const consistency = scenario.consistency as Sections | undefined;
  const settleUs = settleUsOf(consistency);
  const invariant = invariantIn(scenario.consistency);
  const load = loadOf(scenario);
  const steps = stepsOf(scenario);
  const request = (step: RequestOutput): RequestStep => requestOf(step, timeouts.request);
  return {
    name,
    target: scenario.target,
    ...(scenario.serve === undefined ? {} : { serve: { name: '', ...serveOf(scenario.serve, scenario.target) } }),
    load,
    data: dataOf(scenario.data, load, place),
    lock: scenario.lock,
    workers: scenario.workers,
    ...(scenario.agents === undefined ? {} : { agents: scenario.agents }),
    pacing: scenario.pacing,
    transport: transportOf(scenario),
    tls: tlsOf(scenario.tls),
    ...wayOf(scenario),
    timeouts: { connectUs: timeouts.connect, lockUs: timeouts.lock },
    process: processingOf(scenario.process),
    before: scenario.before.map(request),
    ...loginOf(scenario, request),
    ...(scenario.after.length === 0 ? {} : { after: scenario.after.map(request) }),
    ...(scenario.cookies === false ? {} : { cookies: scenario.cookies }),
    steps,
    observe: [...observationsOf(consistency), ...changesOf(invariant, steps)],
    reads: readsOf(consistency, readWith(scenario), manyKeys),
    ...invariantOf(invariant, readWith(scenario), request),
    ...(settleUs === undefined ? {} : { settleUs }),
    violations: scenario.violations,
    differentWorkload,
  };
};

const loginOf = (
  { login: { steps, renew } }: Scenario,
  request: (step: RequestOutput) => RequestStep,
): Pick<Mode, 'login' | 'renewUs'> => {
  if (steps.length === 0) return {};
  return { login: steps.map(request), ...(renew === undefined ? {} : { renewUs: renew }) };
};

/** HTTP/2 is an option of our own client. */
const transportOf = ({ transport, http2 }: Scenario): Choice =>
  http2 === false ? transport : { name: 'wire', options: { http2 } };

/** How the target is reached, if not directly over kept-alive connections. */
const wayOf = ({ keepAlive, proxy, connectTo }: Scenario): Pick<Mode, 'keepAlive' | 'proxy' | 'connectTo'> => ({
  ...(keepAlive ? {} : { keepAlive: false }),
  ...(proxy === undefined || proxy === 'none' ? {} : { proxy }),
  ...(Object.keys(connectTo).length === 0 ? {} : { connectTo }),
});

/** Without undefined keys: the plan is plain JSON. */
const tlsOf = ({ insecure, ...names }: Scenario['tls']): Tls => ({
  insecure,
  ...(Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined)) as Omit<Tls, 'insecure'>),
});

const processingOf = ({ name, options }: Choice): Processing => ({
  kind: name === 'busy' ? 'busy' : 'pause',
  us: micros(Number(options)),
});

/** A read of a value: a request without a body, from which nothing is expected but an answer. */
const readWith =
  ({ timeouts, redirects }: Scenario) =>
  ({ get, headers = {}, auth }: Pick<ReadOutput, 'get' | 'headers' | 'auth'>): RequestStep => ({
    kind: 'request',
    name: 'read',
    method: 'GET',
    path: get,
    headers: headersOf(headers),
    ...authOf(auth),
    ...redirectsOf(redirects),
    capture: {},
    expect: {},
    timeoutUs: timeouts.request,
  });
