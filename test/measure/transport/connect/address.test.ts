import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressesFrom, resolveAddresses, shareOfTimeUs } from '../../../../src/measure/transport/connect/address.ts';

describe('the addresses of an origin', () => {
  test('are itself where it is one', async () => {
    expect(await resolveAddresses('http://192.0.2.7:81')).toEqual(['192.0.2.7']);
    expect(await resolveAddresses('https://[2001:db8::1]')).toEqual(['2001:db8::1']);
  });

  test('are both loopback addresses for localhost, each once', async () => {
    const addresses = await resolveAddresses('http://localhost:8080');
    expect(addresses).toEqual(expect.arrayContaining(['127.0.0.1', '::1']));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('are none for a unix socket', async () => {
    expect(await resolveAddresses('http://unix:/run/shop.sock')).toEqual([]);
  });

  test('cannot be told of a name that does not exist', async () => {
    await expect(resolveAddresses('http://no-such-host.invalid')).rejects.toThrow(/^getaddrinfo \w+ no-such-host/u);
  });
});

describe('a connection', () => {
  test('begins at the next address and goes on to all others in turn', () => {
    const three = ['a', 'b', 'c'];
    expect([0, 1, 2, 3].map((turn) => addressesFrom(three, turn).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
    expect(addressesFrom(['a'], 7)).toEqual(['a']);
    expect(addressesFrom([], 7)).toEqual([]);
  });

  test('tries every address once, and every address is the first equally often', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 9 }), fc.nat(1e6), (addresses, turn) => {
        expect(new Set(addressesFrom(addresses, turn))).toEqual(new Set(addresses));
        expect(addressesFrom(addresses, turn)).toHaveLength(addresses.length);
        const firsts = addresses.map((_, at) => addressesFrom(addresses, turn + at)[0]);
        expect(new Set(firsts)).toEqual(new Set(addresses));
      }),
    );
  });

  test('shares the time that is left among the addresses that are left', () => {
    expect(shareOfTimeUs(2000, 4)).toBe(500);
    expect(shareOfTimeUs(1500, 1)).toBe(1500);
    expect(shareOfTimeUs(-1, 2)).toBe(0);
  });
});
