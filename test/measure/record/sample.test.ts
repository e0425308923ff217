import { describe, expect, test } from 'vitest';
import { newUser } from '../../../src/measure/user.ts';
import { sampleOf } from '../../../src/measure/record/sample.ts';

const sample = (head: string, body: string): ReturnType<typeof sampleOf> =>
  sampleOf({ ...newUser(0, 0).exchange, status: 500, head, body }, 3);

describe('a sample of an answer', () => {
  test('has its status, the first headers and the beginning of its body', () => {
    const headers = Array.from({ length: 20 }, (_, at) => `\r\nx-${at}: ${'v'.repeat(300)}`).join('');
    const { iteration, status, headers: kept, body } = sample(headers, 'b'.repeat(5000));
    expect([iteration, status, body]).toEqual([3, 500, 'b'.repeat(300)]);
    expect(kept).toHaveLength(8);
    expect(kept[0]).toEqual(['x-0', 'v'.repeat(120)]);
  });

  test('has no header that is a secret', () => {
    const names = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'x-api-key', 'x-csrf-token'];
    const { headers } = sample(names.map((name) => `\r\n${name}: hush`).join(''), '');
    expect(headers).toEqual(names.map((name) => [name, '***']));
  });

  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  test.each([
    [`{"access_token":"hush","id":5}`, '{"access_token":"***","id":5}'],
    [`{"password" : "hu\\"sh", "n": 1}`, '{"password" : "***", "n": 1}'],
    [`{"a":"${token}"}`, '{"a":"***"}'],
    ['token=hush&next=1', 'token=***&next=1'],
    ['send Bearer hush.hush', 'send Bearer ***'],
    [`${' '.repeat(250)}{"refreshToken":"${'hush'.repeat(300)}`, `${' '.repeat(250)}{"refreshToken":"***"`],
  ])('has no value that looks like a secret: %s', (body, shown) => {
    expect(sample('', body).body).toBe(shown);
    expect(sample('', body).body).not.toContain('hush');
  });
});
