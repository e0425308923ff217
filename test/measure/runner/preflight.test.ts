import { describe, expect, test } from 'vitest';
import { addressesOf } from '../../../src/measure/runner/preflight.ts';

describe('the addresses of a target', () => {
  test('that cannot be found make it one that cannot be reached', async () => {
    await expect(addressesOf('http://no-such-host.invalid', new AbortController().signal)).rejects.toMatchObject({
      code: 'ERR_TARGET_UNREACHABLE',
      message: expect.stringMatching(
        /^http:\/\/no-such-host\.invalid cannot be reached \(dns\): getaddrinfo /u,
      ) as unknown,
      hint: 'Is the name spelled right, and does this machine know it?',
    });
  });

  test.each(['http://169.254.169.254', 'http://me:secret@[fd00:ec2::254]:80', 'https://[::ffff:a9fe:a9fe]/x'])(
    'are refused where a cloud hands out credentials: %s',
    async (origin) => {
      await expect(addressesOf(origin, new AbortController().signal)).rejects.toMatchObject({
        code: 'ERR_FORBIDDEN_HOST',
        message: expect.stringMatching(
          /^https?:\/\/(?!me:).* is \S+: link-local, or where a cloud hands out/u,
        ) as unknown,
      });
    },
  );

  test('are not waited for once the run is interrupted', async () => {
    const interrupt = new AbortController();
    const asked = addressesOf('http://no-such-host.invalid', interrupt.signal);
    interrupt.abort('SIGINT');
    await expect(asked).rejects.toBe('SIGINT');
    await expect(addressesOf('http://127.0.0.1', interrupt.signal)).rejects.toBe('SIGINT');
  });
});
