import { Document, isMap, isScalar, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from 'yaml';
import { hostOf, isLoopback } from '../core/reach.ts';
import type { Json } from '../core/json.ts';
import { isRead, type Draft, type DraftRequest } from './draft.ts';
import { propose, proposalText } from './propose.ts';
import { suggest, type Suggestion } from './sections.ts';
import { oneLine, told, wellFormed } from './text.ts';

/** A key and its value. */
interface Line {
  readonly key: string;
  readonly value: Json | Node;
  /** Lines above it, preceded by a blank line. */
  readonly above?: readonly string[];
  readonly behind?: string;
}

/**
 * A draft as the text of a scenario, with comments.
 *
 * @param freeName gives a name that no variable of the draft has
 * @param schema where editors find the schema
 */
export const writeDraft = (draft: Draft, freeName: (text: string) => string, schema: string): string => {
  const { suggestion, proposals } = propose(draft, suggest(draft, freeName), freeName);
  const contents = mapOf(linesOf(draft, suggestion));
  const document = new Document(contents);
  document.commentBefore = [` yaml-language-server: $schema=${schema}`, ...headOf(draft).map(comment)].join('\n');
  const text = document.toString({ lineWidth: 0, blockQuote: false, commentString: hashed });
  return `${text.trimEnd()}\n${proposalText(proposals)}${tailOf(draft)}`;
};

const hashed = (text: string): string => text.replaceAll(/^/gm, '#');

const comment = (text: string): string => (text === '' ? '' : ` ${oneLine(text)}`);

const headOf = ({ title, left, guessed }: Draft): readonly string[] => [
  `Made by contend init --from ${title}`,
  'A draft: look at what is marked with "→". All keys: docs/scenario.md, or your editor, by the line above.',
  ...(left.length === 0 ? [] : ['', 'Left out:', ...left.map((line) => `- ${line}`)]),
  ...(guessed.length === 0 ? [] : ['', 'Guessed:', ...guessed.map((line) => `- ${line}`)]),
];

/** How many operations to list. */
const mostRest = 1000;

const tailOf = ({ rest }: Draft): string =>
  rest.length === 0
    ? ''
    : [
        '',
        '# Not in the steps; --operations or --tag choose others:',
        ...told(rest, mostRest).map((line) => `# - ${oneLine(line)}`),
        '',
      ].join('\n');

const linesOf = (draft: Draft, { sections, steps, modes, alone }: Suggestion): readonly Line[] => {
  const { name, target, targetComment, isInsecure, isHttp2, settings, secrets, env, cookies, auth, data, login } =
    draft;
  const host = hostOf(target);
  const writes = [...login, ...steps].some(({ method }) => !isRead(method));
  // A proxy, or a host connected to instead, is also sent writes.
  const ways = [
    settings?.['proxy'],
    ...Object.values((settings?.['connectTo'] ?? {}) as { readonly [way: string]: Json }),
  ];
  const between = ways.filter((one) => typeof one === 'string');
  const hosts = [host, ...between.map((one) => hostOf(/:\/\//.test(one) ? one : `http://${one}`))];
  const isAway = hosts.some((one) => one !== undefined && !isLoopback(one));
  const list = seqOf(steps.map(requestMap));
  return [
    { key: 'name', value: name.replaceAll(/\$+\{/g, '{') },
    { key: 'target', value: target, behind: targetComment },
    ...(isAway && writes
      ? [{ key: 'destructive', value: true, behind: '→ it writes to another machine: only where that is yours' }]
      : []),
    ...(isInsecure === true
      ? [{ key: 'tls', value: flowed({ insecure: true }), behind: 'as -k: certificates are not verified' }]
      : []),
    ...(isHttp2 === true ? [{ key: 'http2', value: true }] : []),
    ...Object.entries(settings ?? {}).map(([key, value]) => ({ key, value: flowed(value) })),
    ...(env.length === 0
      ? []
      : [{ key: 'env', value: commented(env), above: ['Read from the environment, or -e NAME=VALUE'] }]),
    ...(secrets.length === 0
      ? []
      : [
          {
            key: 'secrets',
            value: commented(secrets),
            above: ['→ set these in the environment: they are in no file, and masked in all output'],
          },
        ]),
    {
      key: 'load',
      value: { users: 8, duration: '10s' },
      above: ['→ how many at the same time, and for how long in each mode'],
    },
    ...(cookies ? [{ key: 'cookies', value: true, behind: 'needs the package: npm install tough-cookie' }] : []),
    ...(auth === undefined ? [] : [{ key: 'auth', value: flowed(auth) }]),
    ...(data.length === 0
      ? []
      : [
          {
            key: 'data',
            value: mapOf(data.map((one) => ({ key: one.name, value: flowed(one.source), behind: one.comment }))),
            above: ['Values of each iteration, used below as ${name}'],
          },
        ]),
    ...(login.length === 0
      ? []
      : [
          {
            key: 'login',
            value: seqOf(login.map(requestMap)),
            above: ['Once by each user, before the load; what it captures, the steps know'],
          },
        ]),
    { key: 'steps', value: grouped(list, sections), above: ['What one iteration does'] },
    ...(modes === undefined
      ? []
      : [{ key: 'modes', value: modesOf(modes), above: wordsOfModes(sections.length > 0, alone) }]),
  ];
};

const wordsOfModes = (hasSections: boolean, alone: string | undefined): readonly string[] => [
  'The same steps under different locks, side by side; the first is what the others are compared with',
  ...(alone === undefined
    ? []
    : [
        `→ each iteration makes its own ${alone} and writes to nothing else, so these locks never meet and nothing can be lost:`,
        `  to see them meet, write data: { ${alone}: 1..20 } with things that are there, in place of its capture`,
      ]),
  hasSections
    ? '→ consistency: says what the steps mean for the data, and lost updates are counted: docs/consistency.md'
    : '→ without "critical" the whole iteration is one critical section',
];

const modesOf = (modes: { readonly [name: string]: Json }): YAMLMap =>
  mapOf(Object.entries(modes).map(([key, value]) => ({ key, value: key === 'locked' ? value : flowed(value) })));

/** Steps, with those of a section under one `critical`. */
const grouped = (list: YAMLSeq, sections: Suggestion['sections']): YAMLSeq => {
  const items: unknown[] = [];
  let at = 0;
  for (const { from, to } of sections) {
    items.push(...list.items.slice(at, from));
    const inner = new YAMLSeq();
    inner.items = list.items.slice(from, to + 1);
    items.push(
      mapOf(
        [{ key: 'critical', value: inner, above: ['Read, then written: these steps run under the lock of the mode'] }],
        false,
      ),
    );
    at = to + 1;
  }
  const all = new YAMLSeq();
  all.items = [...items, ...list.items.slice(at)];
  return all;
};

const requestMap = (request: DraftRequest): YAMLMap => {
  const { name, method, path, query, headers, auth, body, redirects, capture, status } = request;
  const some = (key: string, map: { readonly [name: string]: Json }): Line[] =>
    Object.keys(map).length === 0 ? [] : [{ key, value: Object.keys(map).length < 4 ? flowed(map) : map }];
  return mapOf(
    [
      { key: 'name', value: name, ...(request.comment === undefined ? {} : { above: [request.comment] }) },
      { key: method, value: path },
      ...some('query', query),
      ...some('headers', headers),
      ...(auth === undefined ? [] : [{ key: 'auth', value: flowed(auth) }]),
      ...(body === undefined
        ? []
        : Object.entries(body as { readonly [key: string]: Json }).map(([key, value]) => ({ key, value }))),
      ...(redirects === 0 ? [] : [{ key: 'redirects', value: redirects }]),
      ...(Object.keys(capture).length === 0 ? [] : [{ key: 'capture', value: flowed(capture) }]),
      ...(status.length === 0
        ? []
        : [{ key: 'expect', value: flowed({ status: status.length === 1 ? status[0]! : status }) }]),
    ],
    false,
  );
};

const mapOf = (lines: readonly Line[], spaced = true): YAMLMap => {
  const map = new YAMLMap();
  for (const { key, value, above, behind } of lines) {
    const name = scalar(key);
    const node = isNode(value) ? value : nodeOf(value);
    if (above !== undefined && above.length > 0) name.commentBefore = above.map(comment).join('\n');
    if (above !== undefined && spaced) name.spaceBefore = true;
    if (behind !== undefined && behind !== '') node.comment = comment(behind);
    map.items.push(new Pair(name, node));
  }
  return map;
};

const seqOf = (items: readonly Node[]): YAMLSeq => {
  const seq = new YAMLSeq();
  seq.items = [...items];
  return seq;
};

const commented = (list: readonly { readonly name: string; readonly comment: string }[]): YAMLSeq =>
  seqOf(
    list.map(({ name, comment: said }) => {
      const node = scalar(name);
      node.comment = comment(said);
      return node;
    }),
  );

const isNode = (value: Json | Node): value is Node =>
  value instanceof Scalar || value instanceof YAMLMap || value instanceof YAMLSeq;

/** On one line. */
const flowed = (value: Json): Node => {
  const node = nodeOf(value);
  if (!isScalar(node)) node.flow = true;
  return node;
};

const nodeOf = (value: Json): Scalar | YAMLMap | YAMLSeq => {
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Array.isArray(value)) {
    const seq = seqOf((value as readonly Json[]).map(nodeOf));
    if ((value as readonly Json[]).every((item) => typeof item === 'number')) seq.flow = true;
    return seq;
  }
  const map = mapOf(Object.entries(value).map(([key, inner]) => ({ key, value: inner })));
  if (isMap(map) && map.items.length === 0) map.flow = true;
  return map;
};

/** Quoted if it is a template, which YAML would read as a map inside `{ … }`, or if some of its characters are invisible. */
const scalar = (value: Json): Scalar => {
  const node = new Scalar(typeof value === 'string' ? wellFormed(value) : value);
  if (typeof value === 'string' && (value.includes('${') || /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]/u.test(value)))
    node.type = Scalar.QUOTE_DOUBLE;
  return node;
};
