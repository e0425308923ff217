import type { Sample } from '../../core/recording/recording.ts';
import type { Exchange } from '../user.ts';

const mostHeaders = 8;
const longestHeader = 120;
const longestBody = 300;

/** Headers whose values are secrets, and names that sound like one. */
const secretName =
  /^(authorization|proxy-authorization|cookie|set-cookie)$|token|secret|passw|api-?key|session|signature/;

/** Values in a body whose names sound like a secret: `"access_token": "…"`, `password=…`; and values that look like a token. */
const secretValues: readonly (readonly [pattern: RegExp, by: string])[] = [
  [
    /("[^"]{0,40}(?:token|secret|passw|api_?key|session|authorization)[^"]{0,40}"\s*:\s*)("(?:[^"\\]|\\.)*"?|\d+)/gi,
    '$1"***"',
  ],
  [/((?:token|secret|passw\w*|api_?key|session\w*)=)[^&\s"'<>]+/gi, '$1***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi, '$1 ***'],
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?/g, '***'],
];

/**
 * An answer as a report may show it: as much as the step has read, cut short, with secrets masked.
 *
 * @cost per failure that is the first of its step and class, not per request
 */
export const sampleOf = ({ status, head, body }: Exchange, iteration: number): Sample => ({
  iteration,
  status,
  headers: head
    .split('\r\n')
    .filter((line) => line.includes(': '))
    .slice(0, mostHeaders)
    .map((line): readonly [string, string] => {
      const name = line.slice(0, line.indexOf(': '));
      const value = line.slice(line.indexOf(': ') + 2, line.indexOf(': ') + 2 + longestHeader);
      return [name, secretName.test(name) ? '***' : masked(value)];
    }),
  // Masked before it is cut: a secret cut short would not be recognized.
  body: masked(body.slice(0, 4 * longestBody)).slice(0, longestBody),
});

const masked = (text: string): string => secretValues.reduce((all, [pattern, by]) => all.replace(pattern, by), text);
