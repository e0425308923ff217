import { describe, expect, test } from 'vitest';
import { addressesOf } from '../../../src/measure/runner/preflight.ts';

describe('the addresses of a target', () => {
  test('that cannot be found make it one that cannot be reached', async () => {
    await expect(addressesOf('http://no-such-host.invalid', new AbortController().signal)).rejects.toMatchObject({
      code: 'ERR_TARGET_UNREACHABLE',
      message: expect.stringMatching(
        /^http:\/\/no-such-host\.invalid cannot be reached \(dns\): getaddrinfo /u,
      ) as unknown,
      hint: 'Is the name spelled right, and does this machine know it? --target gives another one.',
    });
  });

  test('are not waited for once the run is interrupted', async () => {
    const interrupt = new AbortController();
    const asked = addressesOf('http://no-such-host.invalid', interrupt.signal);
    interrupt.abort('SIGINT');
    await expect(asked).rejects.toBe('SIGINT');
    await expect(addressesOf('http://127.0.0.1', interrupt.signal)).rejects.toBe('SIGINT');
  });
});
