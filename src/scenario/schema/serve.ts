import { z } from 'zod';
import { stopSignals } from '../../core/plan/serve.ts';
import { splitAsShell, type Split } from '../text/shell.ts';
import { either, named, quoted } from '../text/words.ts';
import { pattern } from './capture.ts';
import { statuses } from './expect.ts';
import { notation, type Refuse } from './notation.ts';
import { duration, path } from './values.ts';

const mostWords = 1000;

const hintOfShell = 'contend starts no shell; if you want one, name it: [sh, -c, "…"]';

/**
 * A command: a list of words, or a text that is split into words like a shell does. Nothing is expanded. What a shell would expand
 * is refused, because otherwise it would silently be taken literally.
 */
const command = notation(
  (input, refuse): [string, ...string[]] => {
    if (Array.isArray(input)) return asWords(input.map(wordOf), input, refuse);
    if (typeof input !== 'string') return refuse(`expected a command, got ${named(input)}`, 'such as node server.js');
    let read: Split;
    try {
      read = splitAsShell(input);
    } catch {
      return refuse('a quote in this command is never closed', 'close it, or write the words as a list');
    }
    const { words, acted, expanded } = read;
    if (read.isTwoLines)
      return refuse(
        'two lines are two commands, and one is started',
        'setup: takes the first; or name a shell: [sh, -c, "…"]',
      );
    if (acted !== undefined) return refuse(`${quoted(acted)} is for a shell`, hintOfShell);
    if (expanded !== undefined) {
      const hint = expanded.includes('$')
        ? 'a variable of the environment is ${env.NAME}, declared at the top: env: [NAME]; in a list a word stands as it is'
        : 'in single quotes, or in a list, a word stands as it is; or name a shell: [sh, -c, "…"]';
      return refuse(`a shell would expand ${quoted(expanded)}, and none is started`, hint);
    }
    const [first = ''] = words;
    if (/^[A-Za-z_]\w*=/.test(first)) {
      const [name = '', value = ''] = first.split('=');
      return refuse(
        `${quoted(first)} is not a program`,
        `write env: { ${name}: ${value === '' ? '…' : value} } beside it`,
      );
    }
    return asWords(words, input, refuse);
  },
  {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: ['string', 'number'] }, minItems: 1, maxItems: mostWords },
    ],
  },
);

const wordOf = (item: unknown): string | undefined =>
  typeof item === 'number' || typeof item === 'bigint' ? String(item) : typeof item === 'string' ? item : undefined;

const asWords = (words: readonly (string | undefined)[], input: unknown, refuse: Refuse): [string, ...string[]] => {
  const [program, ...others] = words;
  if (program === undefined || program === '')
    return refuse(
      words.length === 0 || program === '' ? 'a command has a program' : `expected words, got ${named(input)}`,
      'such as node server.js, or [node, server.js]',
    );
  if (words.length > mostWords) return refuse(`a command has at most ${mostWords} words`);
  if (others.some((word) => word === undefined))
    return refuse('every word of a command is text', 'such as [node, server.js, --port, "${port}"]');
  if (words.some((word) => word!.includes('\0'))) return refuse('a word of a command has no character 0');
  return [program, ...(others as string[])];
};

const value = notation(
  (input, refuse) => {
    if (input === null) return null;
    if (typeof input === 'string' && !input.includes('\0')) return input;
    if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean') return String(input);
    return refuse(`expected text, got ${named(input)}`);
  },
  { type: ['string', 'number', 'boolean', 'null'] },
);

const folder = notation(
  (input, refuse) =>
    typeof input === 'string' && input !== '' && !input.includes('\0')
      ? input
      : refuse(`expected the path of a folder, got ${named(input)}`, 'from the folder of the scenario: ../api'),
  { type: 'string', minLength: 1 },
);

/** `-` would be an option of git, and `..` is a range. git itself reports anything else that a ref may not contain. */
const ref = notation(
  (input, refuse) => {
    // 2.0 would become 2, and 0123456 a different number.
    if (typeof input === 'number' || typeof input === 'bigint')
      return refuse(`expected a branch or a commit, got ${named(input)}`, 'in quotes, a number is a name: git: "2.0"');
    if (typeof input !== 'string' || input === '')
      return refuse(`expected a branch or a commit, got ${named(input)}`, 'such as git: main');
    return /^-|\p{Cc}|\.\./u.test(input)
      ? refuse(`${quoted(input)} names neither a branch nor a commit`, 'such as main, v1.2, 4f238ef or HEAD~1')
      : input;
  },
  { type: 'string', minLength: 1 },
);

const ready = z.strictObject({
  get: path.describe('it answers a GET of this path').optional(),
  status: statuses.describe('the status of that answer; default: any below 400').optional(),
  connect: z.literal(true).describe('it accepts a connection; the default').optional(),
  log: pattern.describe('it writes a line that matches this regular expression (RE2)').optional(),
  within: duration(1).describe('how long that may take').prefault('30s'),
});

const signal = notation(
  (input, refuse): string => {
    const known = stopSignals.find((one) => one === input);
    if (known !== undefined) return known;
    const meant = stopSignals.find((one) => one === `SIG${String(input).toUpperCase()}`);
    const hint = meant === undefined ? `it is ${either(stopSignals)}` : `did you mean "${meant}"?`;
    return refuse(`expected the name of a signal, got ${named(input)}`, hint);
  },
  { enum: [...stopSignals] },
);

const stop = z.strictObject({
  signal: signal.describe('the signal that asks it to stop').prefault('SIGTERM'),
  within: duration().describe('how long it may take to stop before it is killed').prefault('5s'),
});

/** A target that contend starts and ends. */
export const serve = z.strictObject({
  command: command.describe(
    'what to start: words, split as a shell splits them, or a list of them; no shell, so nothing is expanded; ${port} and ${folder} are filled in',
  ),
  cwd: folder.describe('the folder to start it in, relative to the scenario file').prefault('.'),
  env: z
    .record(z.string(), value)
    .describe('added to contend\'s environment, which it gets except CONTEND_*: { PORT: "${port}" }; null removes one')
    .prefault({}),
  ready: ready.describe('when it is ready: get, connect or log, and how soon').prefault({}),
  stop: stop.describe('how to stop it').prefault({}),
  setup: command.describe('a command to run once before the first start: npm ci').optional(),
  reuse: z
    .boolean()
    .describe('use one that already runs on the port of the target, and do not stop it; never if CI is set')
    .prefault(false),
  git: ref
    .describe(
      'start it from this branch or commit of the repository that contains the scenario: the local branch, else that of origin, else a tag or a commit; checked out separately, never fetched',
    )
    .optional(),
});

/** A valid `serve:`. */
export type ServeOutput = z.output<typeof serve>;
