import { stringify } from 'yaml';
import type { Json } from '../core/json.ts';
import type { Draft, DraftRequest } from './draft.ts';
import { member } from './member.ts';
import { namesIn, type Suggestion } from './sections.ts';
import { oneLine } from './text.ts';

/** A possible check that the data stayed correct: lines of a scenario, for the user to uncomment. */
export interface Proposal {
  readonly why: string;
  readonly section: { readonly [model: string]: Json };
  /** What has to change in the steps for this. */
  readonly also: string;
}

/**
 * What the steps seem to do with the data: a number that is read and written back, a value that is written and read, a request with
 * an idempotency key.
 *
 * @returns the steps with what a proposal needs from them, and at most one proposal of each kind
 */
export const propose = (
  { data }: Draft,
  suggestion: Suggestion,
  freeName: (text: string) => string,
): { readonly suggestion: Suggestion; readonly proposals: readonly Proposal[] } => {
  const known = new Set(data.map(({ name }) => name));
  const once = suggestion.steps.flatMap(onceOf).slice(0, 1);
  for (const { from, to } of suggestion.sections) {
    const [read, write] = [suggestion.steps[from]!, suggestion.steps[to]!];
    const found = ofSection(read, write, known, freeName);
    if (found === undefined) continue;
    const steps = suggestion.steps.with(from, { ...read, capture: { ...read.capture, ...found.capture } });
    return { suggestion: { ...suggestion, steps }, proposals: [found.proposal, ...once] };
  }
  return { suggestion, proposals: once };
};

interface Found {
  readonly proposal: Proposal;
  readonly capture: DraftRequest['capture'];
}

const countable =
  /stock|quantity|balance|amount|count|total|available|inventory|points|credits?|seats|remaining|version/i;
const isId = (name: string): boolean => /(?:^|_)id$|Id$/.test(name);

const ofSection = (
  read: DraftRequest,
  write: DraftRequest,
  known: ReadonlySet<string>,
  freeName: (text: string) => string,
): Found | undefined => {
  const key = namesIn(write.path).at(-1);
  if (key === undefined || read.answer === undefined) return undefined;
  const json = write.body !== undefined && 'json' in write.body ? write.body.json : null;
  const sent =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as { [name: string]: Json }) : {};
  const both = (names: readonly string[]): readonly string[] =>
    names.filter((name) => Object.hasOwn(sent, name) && !isId(name) && /^[A-Za-z_]\w{0,40}$/.test(name));
  const numbers = both(read.answer.numbers);
  const number = numbers.find((name) => countable.test(name)) ?? numbers[0];
  // Values are read before and after the load, so the things must exist before the steps make any.
  if (number !== undefined && known.has(key) && namesIn(read.path).length === 1) {
    const name = freeName(number);
    const section = {
      'rmw-counter': {
        key: `\${${key}}`,
        update: { step: write.name, from: `\${${name}}`, to: `\${${name} - 1}` },
        read: { get: read.path.replace(`\${${key}}`, () => '${key}'), value: member('body', number) },
      },
    };
    const why = `if each write of "${number}" builds on what was read, updates that are lost can be counted`;
    const also = `"${write.name}" has to send what "to" says, json: { ${number}: "\${${name} - 1}" }`;
    return { proposal: { why, section, also }, capture: { [name]: member('body', number) } };
  }
  const value = both(read.answer.values).find((name) => typeof sent[name] !== 'object');
  if (value === undefined) return undefined;
  const section = {
    register: {
      key: `\${${key}}`,
      write: { step: write.name, value: textOf(sent[value]!) },
      see: { step: read.name, value: member('body', value) },
    },
  };
  const why = `if "${value}" is what was written last, reads of something older can be found`;
  const also = `each write has to be another value: data: { written: uuid }, and "\${written}" here and in "${write.name}"`;
  return { proposal: { why, section, also }, capture: {} };
};

/** As a template: a single expression keeps the type of its value. */
const textOf = (value: Json): string => (typeof value === 'string' ? value : `\${${JSON.stringify(value)}}`);

const onceOf = ({ name, method, headers, answer }: DraftRequest): readonly Proposal[] => {
  const key = Object.entries(headers).find(([header]) => /idempotency-key$/i.test(header))?.[1];
  if (method === 'get' || key === undefined || !/^\$\{\w+\}$/.test(key)) return [];
  const id = answer?.values.find(isId);
  return [
    {
      why: 'the key says which requests are one: sent twice, it may be done once',
      section: {
        once: { key, do: { step: name, ...(id === undefined ? {} : { answer: member('body', id) }) } },
      },
      also: `"${name}" has to be sent again: copies: 2, or retry: { on: [timeout, 503], times: 2 }`,
    },
  ];
};

/** Proposals as the last comment of a file; empty if there are none. */
export const proposalText = (proposals: readonly Proposal[]): string => {
  if (proposals.length === 0) return '';
  const section = Object.assign({}, ...proposals.map((one) => one.section)) as { readonly [model: string]: Json };
  const yaml = stringify(
    { consistency: section },
    { lineWidth: 0, blockQuote: false, defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' },
  );
  const said = proposals.flatMap(({ why, also }) => [`→ ${why}:`, `  ${also}`]);
  const lines = [...said.map((line) => oneLine(line, 400)), ...yaml.trimEnd().split('\n')];
  return `\n${lines.map((line) => `# ${line}`).join('\n')}\n`;
};
