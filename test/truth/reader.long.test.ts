import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openBank } from '../bank-server.ts';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities, sentIn, wasTooBusy } from '../cli/document.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-reader-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [users, rounds] = [8, 2];

/** Every two of what may differ meet at least once. */
const cases = [
  { transport: 'wire', hasCookies: false, isOneSession: false, areAllKnown: true, workers: 1 },
  { transport: 'wire', hasCookies: true, isOneSession: true, areAllKnown: true, workers: 2 },
  { transport: 'undici', hasCookies: false, isOneSession: true, areAllKnown: true, workers: 1 },
  { transport: 'undici', hasCookies: true, isOneSession: false, areAllKnown: false, workers: 1 },
  { transport: 'undici', hasCookies: false, isOneSession: false, areAllKnown: false, workers: 2 },
  { transport: 'wire', hasCookies: false, isOneSession: true, areAllKnown: false, workers: 1 },
];

const what = { deposits: 'counter', coupons: 'stock' } as const;

const scenario = (origin: string, model: keyof typeof what, transport: string, hasCookies: boolean): string => {
  const isCounter = model === 'deposits';
  const value = isCounter ? 'body.balance' : 'body.remaining';
  return `target: ${origin}
rounds: ${rounds}
transport: ${transport}
load: { users: ${users}, iterations: 300 }
data: { account: 1..3, coupon: { list: [C1, C2, C3] } }
before: [{ post: /test/reset, json: { accounts: 3, coupons: 3, redeemable: 20 } }]
login:
  - post: /login
    json: { user: 'u\${user.number}', pin: '0000' }
    ${hasCookies ? '' : 'capture: { token: body.token }'}
${hasCookies ? 'cookies: true' : "auth: { bearer: '${token}' }"}
steps:
  - ${isCounter ? "{ name: act, post: '/accounts/${account}/deposits', json: { amount: 10 } }" : "{ name: act, post: '/coupons/${coupon}/redemptions', expect: { status: [201, 409] } }"}
consistency:
  ${what[model]}:
    key: '\${${isCounter ? 'account' : 'coupon'}}'
    ${isCounter ? 'add: { step: act, by: 10' : 'take: { step: act'}, value: ${value} }
    read: { get: '/${isCounter ? 'accounts' : 'coupons'}/\${key}', value: ${value} }
`;
};

test.each(cases)(
  'over $transport, cookies: $hasCookies, one session a user: $isOneSession, one more user: $areAllKnown, $workers workers',
  async ({ transport, hasCookies, isOneSession, areAllKnown, workers }) => {
    for (const [build, verdict] of [
      ['before', 'violated'],
      ['after', 'consistent'],
    ] as const) {
      for (const model of ['deposits', 'coupons'] as const) {
        // A reader who has to be the first user, whose own login ends the session of the reader, cannot read afterwards.
        const isShutOut = isOneSession && !areAllKnown;
        await using bank = await openBank({ build, hasCookies, isOneSession, ...(areAllKnown ? {} : { users }) });
        const file = join(folder, 'bank.yaml');
        writeFileSync(file, scenario(bank.origin, model, transport, hasCookies));
        const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', '-w', String(workers)]);
        const document = documentOf(stdout === '' ? stderr : stdout);
        expect(sentIn(document)).toBe(bank.asked());
        if (wasTooBusy(document)) continue;
        const [mode] = document.modes;
        expectIdentities(mode!);
        if (isShutOut) {
          expect(document.invalid?.message).toContain('final read: 401 Unauthorized');
          expect(document.invalid?.hint).toContain('does the same user log in somewhere else?');
          continue;
        }
        expect([document.invalid?.message, mode!.consistency?.verdict]).toEqual([undefined, verdict]);
        const logins = users + (areAllKnown ? 1 : 2);
        expect(mode!.requests.unmeasured).toMatchObject({ login: rounds * logins, finalReads: rounds * 2 * 3 });
      }
    }
  },
);
