import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContendError } from '../../../../../src/core/errors.ts';
import {
  clusterKeyFrom,
  newChallenge,
  newKey,
  protocolVersion,
  Seal,
  SealError,
} from '../../../../../src/measure/runner/cluster/link/seal.ts';

const keyOf = (text: string) => clusterKeyFrom(text, 'redis://far.test:6379');
const key = keyOf(newKey());
const between = { run: 'run-1', shard: 2 };

const whyOf = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    if (error instanceof SealError) return error.why;
    throw error;
  }
  return 'opened';
};

const bytes = fc.uint8Array({ maxLength: 200 });

describe('a seal', () => {
  test('gives back what the other side has sealed, in its order, of each kind', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('begin', 'beat'), bytes)), fc.string(), (messages, challenge) => {
        const [here, there] = [new Seal(key, between).bound(challenge), new Seal(key, between).bound(challenge)];
        for (const [kind, message] of messages)
          expect([...there.open(kind, here.seal(kind, message))]).toEqual([...message]);
      }),
    );
  });

  test('refuses what differs in one bit, wherever it is, and what was cut or has more', () => {
    const sealed = new Seal(key, between).seal('slot', Buffer.from('{"orders":1}'));
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(whyOf(() => new Seal(key, between).open('slot', changed))).toBe('forged');
      }),
      { numRuns: sealed.length * 8 },
    );
    for (let length = 0; length < sealed.length; length++)
      expect(whyOf(() => new Seal(key, between).open('slot', sealed.subarray(0, length)))).toBe('forged');
    expect(whyOf(() => new Seal(key, between).open('slot', Buffer.concat([sealed, Buffer.of(0)])))).toBe('forged');
  });

  test.each([
    ['key', (sealed: Buffer) => new Seal(keyOf(newKey()), between).bound('c').open('begin', sealed)],
    ['run', (sealed: Buffer) => new Seal(key, { ...between, run: 'run-2' }).bound('c').open('begin', sealed)],
    ['shard', (sealed: Buffer) => new Seal(key, { ...between, shard: 1 }).bound('c').open('begin', sealed)],
    ['kind', (sealed: Buffer) => new Seal(key, between).bound('c').open('ready', sealed)],
    ['challenge', (sealed: Buffer) => new Seal(key, between).bound('d').open('begin', sealed)],
    ['session', (sealed: Buffer) => new Seal(key, between).open('begin', sealed)],
  ])('refuses what was sealed with another %s', (_what, open) => {
    const sealed = new Seal(key, between).bound('c').seal('begin', Buffer.from('now'));
    expect(whyOf(() => open(sealed))).toBe('forged');
    expect(whyOf(() => new Seal(key, between).bound('c').open('begin', sealed))).toBe('opened');
  });

  test('opens every message once, and none that is older than one it has opened', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1 }), (order) => {
        const [here, there] = [new Seal(key, between), new Seal(key, between)];
        const sealed = Array.from({ length: 10 }, (_, n) => here.seal('beat', Buffer.of(n)));
        let newest = -1;
        for (const n of order) {
          expect(whyOf(() => there.open('beat', sealed[n]!))).toBe(n > newest ? 'opened' : 'replayed');
          newest = Math.max(newest, n);
        }
      }),
    );
  });

  test('remembers nothing of what was forged: the true message is still opened', () => {
    const [here, there] = [new Seal(key, between), new Seal(key, between)];
    const sealed = here.seal('begin', Buffer.from('now'));
    const forged = Buffer.from(sealed);
    forged.writeBigUInt64BE(2n ** 63n);
    expect(whyOf(() => there.open('begin', forged))).toBe('forged');
    expect(there.open('begin', sealed).toString()).toBe('now');
  });

  test('takes no part of a stream for another one', () => {
    const seal = new Seal(key, between);
    const part = seal.sealAt('list', 3, Buffer.from('x'));
    expect(whyOf(() => seal.openAt('list', 4, part))).toBe('forged');
    expect(seal.openAt('list', 3, part).toString()).toBe('x');
  });

  test('carries JSON as text, whole numbers beyond 2^53 with it', () => {
    const [here, there] = [new Seal(key, between), new Seal(key, between)];
    const said = { text: 'ключ', numbers: [1, 0.1, 9007199254740993n], none: null };
    const sealed = here.sealJson('slot', said);
    expect(sealed).toMatch(/^[\w+/]+=*$/u);
    expect(there.openJson('slot', sealed)).toEqual(said);
  });

  test('is of a protocol with a number, which both sides can compare before they open anything', () => {
    expect(protocolVersion).toBeGreaterThan(0);
    expect(Number.isSafeInteger(protocolVersion)).toBe(true);
  });

  test('never seals the same twice', () => {
    const seal = new Seal(key, between);
    const sealed = Array.from({ length: 100 }, () => seal.sealAt('slot', 1, Buffer.from('same')).toString('hex'));
    expect(new Set(sealed).size).toBe(100);
    expect(new Set(Array.from({ length: 100 }, newChallenge)).size).toBe(100);
  });
});

describe('the key of a cluster', () => {
  test('is 32 random bytes as text', () => {
    const keys = Array.from({ length: 20 }, newKey);
    for (const text of keys) {
      expect(text).toMatch(/^[\w-]{43}$/u);
      expect(keyOf(`${text}\n`)).toEqual(keyOf(text));
      expect(keyOf(text)).toHaveLength(32);
    }
    expect(new Set(keys).size).toBe(20);
  });

  test.each(['secret', `${newKey()}=`, newKey().slice(1), `${newKey().slice(1)}!`, '0'.repeat(64)])(
    'is not %s',
    (text) => {
      expect(() => keyOf(text)).toThrow(ContendError);
      expect(() => keyOf(text)).toThrow(/CONTEND_CLUSTER_KEY is not a key/u);
    },
  );

  test.each(['redis://127.0.0.1:6379', 'redis://localhost', 'rediss://[::1]:6380/0', 'redis://:secret@127.0.0.9:1'])(
    'may be missing where Redis is at %s, and nobody else reaches it',
    (url) => {
      for (const none of [undefined, '']) {
        const sealed = new Seal(clusterKeyFrom(none, url), between).seal('slot', Buffer.from('x'));
        expect(new Seal(clusterKeyFrom(none, url), between).open('slot', sealed).toString()).toBe('x');
        expect(whyOf(() => new Seal(key, between).open('slot', sealed))).toBe('forged');
      }
    },
  );

  test.each(['redis://10.0.0.5:6379', 'rediss://redis.test', 'redis://user:secret@redis:6379', 'redis://0.0.0.0:6379'])(
    'may not be missing where Redis is at %s',
    (url) => {
      expect(() => clusterKeyFrom(undefined, url)).toThrow(/there is no CONTEND_CLUSTER_KEY/u);
      expect(() => clusterKeyFrom('', url)).toThrow(ContendError);
      try {
        clusterKeyFrom(undefined, url);
      } catch (error) {
        expect(String(error)).not.toContain('secret');
      }
    },
  );
});
