import type { Notes } from '../notes.ts';
import { oneLine } from '../text.ts';
import { headerOf, type Exchange } from './exchange.ts';

/** Notes what a cookie jar cannot do: it only sends what servers set, and copies no cookie into a header. */
export const cookieNotes = (exchanges: readonly Exchange[], notes: Notes): void => {
  const given = new Map<string, string>();
  const missing = new Set<string>();
  const returned = new Set<string>();
  for (const { headers, answer } of exchanges) {
    for (const pair of headerOf(headers, 'cookie')?.split(';') ?? []) {
      const name = pair.split('=')[0]!.trim();
      if (name !== '' && !given.has(name)) missing.add(oneLine(name, 60));
    }
    for (const [name, value] of headers) {
      const cookie = [...given].find(([, known]) => known.length >= 8 && (known === value || decoded(known) === value));
      if (cookie !== undefined && !/^cookie$/i.test(name))
        returned.add(
          `the header ${oneLine(name.toLowerCase(), 60)}, which gives back the cookie ${oneLine(cookie[0], 60)}: → capture it from the answer that sets it`,
        );
    }
    for (const [name, value] of answer?.headers ?? [])
      if (name.toLowerCase() === 'set-cookie')
        for (const line of value.split('\n')) {
          const [pair = ''] = line.split(';');
          given.set(pair.split('=')[0]!.trim(), pair.slice(pair.indexOf('=') + 1).trim());
        }
  }
  const names = [...missing];
  if (names.length > 0)
    notes.left(
      `cookies that no recorded answer has set: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}; → where one is needed, let a step get it first`,
    );
  for (const line of returned) notes.guessed(line);
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
