import type { CriticalStep, Mode, RequestStep, Variable } from '../../src/core/plan/plan.ts';
import type { Endpoint } from '../../src/core/slot.ts';
import { microsFromMs } from '../../src/core/units.ts';

/** A variable of whole numbers. */
export const rangeOf = (
  from: number,
  to: number,
  pick: NonNullable<Variable['pick']> = { name: 'uniform', options: {} },
): Variable => ({ name: 'range', options: { from, to }, pick });

/** A request step with everything that a test does not care about filled in. */
export const requestStep = (step: Partial<RequestStep> & Pick<RequestStep, 'name' | 'path'>): RequestStep => ({
  kind: 'request',
  method: 'GET',
  headers: {},
  capture: {},
  expect: {},
  timeoutUs: microsFromMs(10_000),
  ...step,
});

/** The read and the write of one product of the online store, as one critical section. */
export const readModifyWrite: CriticalStep & { readonly steps: readonly [RequestStep, RequestStep] } = {
  kind: 'critical',
  steps: [
    requestStep({
      name: 'read',
      path: '/products/${product}',
      capture: { stock: 'body.stock', version: 'header.etag' },
    }),
    requestStep({ name: 'write', method: 'PUT', path: '/products/${product}', json: { stock: '${stock - 1}' } }),
  ],
};

/** An endpoint on this machine, without credentials. */
export const localEndpoint = (origin: string): Endpoint => ({
  origin,
  addresses: ['127.0.0.1'],
  tls: { insecure: false },
});

/** A mode on the online store; 16 users, 20 products, 200 ms. */
export const storeMode = (mode: Partial<Mode> = {}): Mode => ({
  name: 'locked',
  target: 'builtin:store',
  load: {
    kind: 'closed',
    thinkUs: [microsFromMs(0), microsFromMs(0)],
    stages: [],
    users: 16,
    stop: { kind: 'duration', durationUs: microsFromMs(200) },
    warmupUs: microsFromMs(50),
    drainUs: microsFromMs(10_000),
  },
  data: { product: rangeOf(1, 20) },
  lock: { name: 'mutex', options: {} },
  workers: 1,
  pacing: 'auto',
  transport: { name: 'undici', options: {} },
  tls: { insecure: false },
  timeouts: { connectUs: microsFromMs(2000), lockUs: microsFromMs(30_000) },
  process: { kind: 'pause', us: microsFromMs(0) },
  before: [requestStep({ name: 'reset', method: 'POST', path: '/reset', json: { products: 20, stock: 1_000_000 } })],
  steps: [readModifyWrite],
  observe: [
    {
      model: 'counter',
      step: 'write',
      operation: 'add',
      key: '${product}',
      operand: { sent: '-1', isAmount: true },
      spansSection: false,
    },
  ],
  reads: [
    {
      model: 'counter',
      key: '${product}',
      request: requestStep({ name: 'read', path: '/products/${key}' }),
      value: 'body.stock',
      kind: 'number',
    },
  ],
  violations: 'forbidden',
  differentWorkload: false,
  ...mode,
});
