import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masked, masking } from '../../src/core/mask.ts';

const secret = fc.string({ unit: 'grapheme', minLength: 8 }).filter((text) => !/\p{Cs}|^[*…\s]*$/u.test(text));
const bytes = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
const around = fc.string({ maxLength: 20 });

describe('a secret is found in no form', () => {
  const forms: { readonly [form: string]: (text: string, before: string, after: string) => string } = {
    'plain': (text, before, after) => before + text + after,
    'percent-encoded': (text, before, after) => before + encodeURIComponent(text) + after,
    'in small hex digits': (text) => encodeURIComponent(text).replace(/%../gu, (hex) => hex.toLowerCase()),
    'as a form sends it': (text) => encodeURIComponent(text).replaceAll('%20', '+'),
    'in JSON': (text) => JSON.stringify({ text }),
  };

  test.each(Object.entries(forms))('%s', (_, form) => {
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        const shown = masking([text])(form(text, before, after));
        for (const one of [text, form(text, '', '')]) expect(shown.toLowerCase()).not.toContain(one.toLowerCase());
      }),
    );
  });

  test('in base64, alone or inside what was encoded', () => {
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        const encoded = btoa(bytes(before + text + after));
        for (const form of [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '')]) {
          const shown = masking([text])(form);
          expect(shown).toContain('***');
          // What is left on either side is too little to hold it.
          for (const part of shown.split('***')) expect(part.length).toBeLessThan(form.length - 8);
        }
      }),
    );
  });
});

test('a text that was cut in the middle of a secret gives no eight characters of it away', () => {
  const mask = masking(['correct-horse-battery']);
  expect(mask('got {"token":"correct-horse')).toBe('got {"token":"***');
  expect(mask('got "ct-Horse-bat"… and more')).toBe('got "***"… and more');
  expect(mask('all correct')).toBe('all correct');
});

test('the longest of secrets that lie in each other is taken out, and what is too short stays', () => {
  expect(masking(['user:pass-word', 'pass-word', 'abc'])('abc user:pass-word pass-word')).toBe('abc *** ***');
});

test('a document is masked in every text but those of its own vocabulary, names of steps included', () => {
  const document = { verdict: { is: 'pass', because: 'pass it' }, metric: 'pass', steps: { 'GET /pass': [1] }, n: 5 };
  expect(masked(document, masking(['pass']))).toEqual({
    verdict: { is: 'pass', because: '*** it' },
    metric: 'pass',
    steps: { 'GET /***': [1] },
    n: 5,
  });
});
