import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../scenario/reading.ts';

const page = readFileSync(new URL('../../docs/flow.md', import.meta.url), 'utf8');

const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gmsu)].map(([, text]) => text!);

describe('docs/flow.md', () => {
  test('has examples', () => expect(examples.length).toBeGreaterThan(1));

  test.each(examples)('holds a scenario without a problem: %s', (text) => {
    const whole = text.startsWith('name:') ? text : `target: http://x\ndata: { password: 1..2 }\n${text}`;
    expect(linesOf(whole)).toEqual([]);
  });
});
