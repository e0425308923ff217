import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Tls } from '../../../../src/core/plan/plan.ts';
import { readCredentials } from '../../../../src/measure/transport/connect/credentials.ts';

const certificates = fileURLToPath(new URL('../../../conformance/certificates/', import.meta.url));
const pem = async (name: string): Promise<string> => readFile(`${certificates}${name}.pem`, 'utf8');
const [ca, client, server] = await Promise.all([pem('ca'), pem('client'), pem('server')]);

const broken = '-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n';
const files: { readonly [path: string]: string } = {
  'certs/ca.pem': ca,
  'client.pem': client,
  'server.pem': server,
  'broken.pem': broken,
  'readme.txt': 'no PEM',
};
const readText = async (path: string): Promise<string> => {
  if (path in files) return files[path]!;
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
};
const read = async (tls: Partial<Tls>) => readCredentials({ insecure: false, ...tls }, readText);

describe('credentials', () => {
  test('are the texts of the files, and whatever else was said', async () => {
    expect(await read({})).toEqual({ insecure: false });
    expect(
      await read({
        insecure: true,
        ca: 'certs/ca.pem',
        cert: 'client.pem',
        key: 'client.pem',
        servername: 'shop.test',
      }),
    ).toEqual({ insecure: true, ca, cert: client, key: client, servername: 'shop.test' });
  });

  test.each<[string, Partial<Tls>, RegExp]>([
    ['a file that is not there', { ca: 'ca.pem' }, /^tls\.ca: ca\.pem cannot be read: no such file$/u],
    ['a file without a certificate', { ca: 'readme.txt' }, /^tls\.ca: readme\.txt holds no certificate/u],
    [
      'a file without a key',
      { cert: 'client.pem', key: 'certs/ca.pem' },
      /^tls\.key: certs\/ca\.pem holds no private/u,
    ],
    ['a certificate that is none', { ca: 'broken.pem' }, /^tls\.ca: broken\.pem cannot be used: /u],
    ['a certificate without its key', { cert: 'client.pem' }, /^tls\.cert is given without tls\.key\.$/u],
    ['a key without its certificate', { key: 'client.pem' }, /^tls\.key is given without tls\.cert\.$/u],
    [
      'a key of another certificate',
      { cert: 'client.pem', key: 'server.pem' },
      /^tls\.cert and tls\.key: client\.pem and server\.pem cannot be used: /u,
    ],
  ])('cannot be %s', async (_what, tls, message) => {
    const error = await read(tls).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'ContendError',
      code: 'ERR_USAGE',
      message: expect.stringMatching(message) as unknown,
      hint: expect.stringMatching(/\.$|\.pem$/u) as unknown,
    });
  });
});
