import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertNoLeftovers } from '../cli/contend.ts';
import { sentIn } from '../cli/document.ts';
import { openFaultServer, type FaultServer } from './open.ts';
import { leftIn, openFolder, reported, type Folder } from './run.ts';

let server: FaultServer;
let folder: Folder;

beforeAll(async () => {
  [server, folder] = await Promise.all([openFaultServer(), openFolder()]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
beforeEach(async () => server.forget());
afterEach(assertNoLeftovers);

interface State {
  readonly before?: string;
  readonly read?: string;
  readonly write?: string;
  readonly origin?: string;
  readonly rounds?: number;
  readonly timeout?: string;
}

/** One mode that writes one of two values and counts what it added. */
const counting = async (state: State): Promise<string> => {
  const { before = '/ok', read = '/ok', write = '/write', origin = server.origin, rounds = 3, timeout = '5s' } = state;
  return folder.file(
    'state.yaml',
    `
target: ${origin}
rounds: ${rounds}
timeouts: { connect: 5s, request: ${timeout} }
load: { users: 2, iterations: 12 }
data: { item: 1..2 }
before: [{ post: ${before} }]
steps: [{ name: write, put: "${write}", json: { stock: 4 } }]
modes: { locked: mutex }
consistency:
  counter: { key: "\${item}", add: { step: write, by: 0 }, read: { get: "${read}", value: body.stock } }
`,
  );
};

describe('a state that is not known makes the run invalid, with the reason:', () => {
  test.each([
    ['a "before" that is refused', '/fails-after/0', 'before, in mode locked: POST /fails-after/0: status 503'],
    ['a "before" that is never answered', '/silent', 'no answer within 1000 ms'],
    ['a "before" that is reset', '/reset', 'before, in mode locked: POST /reset: '],
    ['a "before" that is no HTTP', '/bad-status', 'POST /bad-status: invalid HTTP/1.1: a status line without a status'],
  ])('%s', async (_, before, reason) => {
    const { code, document, report } = await reported(
      await counting({ before, ...(before === '/silent' ? { timeout: '1s' } : {}) }),
    );
    expect(code).toBe(96);
    expect(document).toMatchObject({ modes: [], verdict: { is: 'undecided' }, invalid: { code: 'ERR_BEFORE' } });
    expect(document.invalid?.message).toContain(reason);
    expect(report).toMatch(/INVALID before, in mode locked: POST .*Make the steps under "before:" succeed first/u);
    expect(await server.counts()).toEqual({ [`POST ${before}`]: 1 });
  });

  test.each([
    ['a value that is no number', '/word', 'body.stock is not a number in the answer'],
    ['a value that is not there', '/nothing', 'body'],
    ['a value in no JSON', '/text', 'is not valid JSON'],
    ['a value in an answer without end', '/endless', 'body larger than 1 MiB'],
    ['a value that is never answered', '/silent', 'no answer within 1000 ms'],
  ])('%s, read back before the load', async (_, read, reason) => {
    const { code, document, report } = await reported(
      await counting({ read, ...(read === '/silent' ? { timeout: '1s' } : {}) }),
    );
    expect(code).toBe(96);
    expect(document).toMatchObject({ modes: [], invalid: { code: 'ERR_FINAL_READ' } });
    expect(document.invalid?.message).toMatch(/^the value of [12] could not be read, in mode locked: /u);
    expect(document.invalid?.message).toContain(reason);
    expect(report).toContain('INVALID the value of');
    expect(Object.keys(await server.counts())).not.toContain('PUT /write');
  });
});

describe('rounds that were measured before are in the report', () => {
  test('of a run whose "before" fails in the third', async () => {
    const { code, document, report } = await reported(await counting({ before: '/fails-after/2' }));
    const [mode] = document.modes;
    expect(code).toBe(96);
    expect(document.invalid?.message).toContain('status 503');
    expect(mode?.slots).toHaveLength(2);
    expect(mode?.iterations).toMatchObject({ begun: 8, completed: 8 });
    expect(report).toMatch(/INVALID .* locked [\d.,]+ /u);
    expect(await server.counts()).toMatchObject({ 'PUT /write': leftIn(mode!), 'POST /fails-after/2': 3 });
  });

  test('of a run whose values cannot be read back at the end of the second: that one too, and its sum is not judged', async () => {
    // Two keys, read before and after each of the rounds.
    const { code, document } = await reported(await counting({ read: '/fails-after/6' }));
    const [mode] = document.modes;
    expect(code).toBe(96);
    expect(document.invalid).toMatchObject({ code: 'ERR_FINAL_READ' });
    expect(mode?.slots).toHaveLength(2);
    expect(mode?.consistency?.verdict).toBe('unknown');
    const counts = await server.counts();
    expect(counts).toMatchObject({ 'PUT /write': 8, 'POST /ok': 2 });
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(sentIn(document));
  });

  test('of a run whose target goes away under load: what it had answered, and why the rest failed', async () => {
    await using mortal = await openFaultServer();
    const { code, document, report } = await reported(
      await counting({ origin: mortal.origin, write: '/refuses-after/3', rounds: 1 }),
    );
    const mode = document.modes[0]!;
    expect(code).toBe(96);
    expect(document.invalid?.message).toContain('ECONNREFUSED');
    expect(mode.iterations).toMatchObject({ begun: 12, completed: 3, failed: 9 });
    const { reset, connect, ...others } = mode.requests.byError;
    expect([others, reset! + connect!]).toEqual([{}, 9]);
    // Either user may have sent on a connection whose end it had yet to hear of; the server reads the one that it refuses.
    expect(reset).toBeGreaterThanOrEqual(1);
    expect(reset).toBeLessThanOrEqual(2);
    expect(report).toMatch(/connect +\d +write: connect ECONNREFUSED/u);
    expect(await mortal.counts()).toMatchObject({ 'PUT /refuses-after/3': 4 });
  });
});
