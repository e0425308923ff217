import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const state = {
  numbers: new Map<string, number>(),
  texts: new Map<string, string>(),
  lists: new Map<string, string[]>(),
  held: new Map<string, boolean>(),
  asked: 0,
  changes: 0,
};

/** A status, and a body. */
type Answer = readonly [number, object];
type Does = (key: string, said: { readonly [name: string]: string | number }, isOdd: boolean) => Answer;
const { numbers, texts, lists, held } = state;
const add = (key: string, by: number): number => {
  const sum = (numbers.get(key) ?? 100) + by;
  numbers.set(key, sum);
  return sum;
};
const does: { readonly [what: string]: Does } = {
  'GET number': (key) => [200, { n: numbers.get(key) ?? 100 }],
  'POST number': (key, { by }, isOdd) => [200, { n: isOdd ? 0 : add(key, Number(by)) }],
  'PUT number': (key, { to }, isOdd) => {
    if (!isOdd) numbers.set(key, Number(to));
    return [200, {}];
  },
  'POST take': (key, _, isOdd) => ((numbers.get(key) ?? 100) > 60 || isOdd ? [200, { n: add(key, -1) }] : [409, {}]),
  'GET left': (key) => [200, { n: (numbers.get(key) ?? 100) - 60 }],
  'GET text': (key, _, isOdd) => [200, { text: isOdd ? 'old' : (texts.get(key) ?? 'none') }],
  'PUT text': (key, { expect: old, text }, isOdd) => {
    if (old !== undefined && old !== (texts.get(key) ?? 'none') && !isOdd) return [409, {}];
    if (old !== undefined || !isOdd) texts.set(key, String(text));
    return [200, {}];
  },
  'GET list': (key) => [200, { list: lists.get(key) ?? [] }],
  'POST list': (key, { e }, isOdd) => {
    if (!isOdd) lists.set(key, [...(lists.get(key) ?? []), String(e)]);
    return [200, {}];
  },
  'POST lock': (key, _, isOdd) => {
    if (held.get(key) === true && !isOdd) return [409, {}];
    held.set(key, true);
    return [200, { token: add('tokens', 1) }];
  },
  'POST unlock': (key) => {
    held.set(key, false);
    return [200, {}];
  },
  'POST grant': (key, _, isOdd) =>
    (numbers.get(key) ?? 100) > 80 || isOdd ? [200, { left: add(key, -1) - 80 }] : [429, {}],
  'POST charge': (key, _, isOdd) => {
    const ids = lists.get(`charge ${key}`) ?? [];
    if (ids.length === 0 || isOdd) lists.set(`charge ${key}`, [...ids, `${key}.${ids.length}`]);
    return [200, { id: lists.get(`charge ${key}`)!.at(-1) }];
  },
  'GET charges': (key) => [200, { count: lists.get(`charge ${key}`)?.length ?? 0 }],
  'POST member': (key, { e }, isOdd) => {
    // Both modes draw the same elements: what comes late of the one may be there when the other adds it.
    if (!isOdd) lists.set(`set ${key}`, [...new Set(lists.get(`set ${key}`)).add(String(e))]);
    return [200, {}];
  },
  'GET members': (key) => [200, { list: lists.get(`set ${key}`) ?? [] }],
  'POST job': (key, { e }) => {
    lists.set(`jobs ${key}`, [...(lists.get(`jobs ${key}`) ?? []), String(e)]);
    return [200, {}];
  },
  'POST work': (key, _, isOdd) => {
    const [first, ...others] = lists.get(`jobs ${key}`) ?? [];
    if (!isOdd) lists.set(`jobs ${key}`, others);
    return first === undefined ? [404, {}] : [200, { id: first }];
  },
  'GET jobs': (key) => [200, { list: lists.get(`jobs ${key}`) ?? [] }],
  'POST issued': (_, __, isOdd) => [200, { number: add('issued', isOdd ? 0 : 1) }],
  'POST move': (_, { from, to }, isOdd) => {
    add(String(from), -5);
    if (!isOdd) add(String(to), 5);
    return [200, {}];
  },
  'POST reset': () => {
    for (const each of [numbers, texts, lists, held]) each.clear();
    return [200, {}];
  },
};

/** What a target does that is not right: at `wrong` every fifth request; at `late` it does every twelfth change later, unanswered. */
export type Build = 'right' | 'wrong' | 'late' | 'late-and-wrong';

/** How late; the client has given up long before, and the load is over or nearly so. */
const lateMs = 450;

/** A target for scenarios of every model. */
export interface ModelTarget extends AsyncDisposable {
  readonly origin: string;
  /** As it was when it was opened: nothing is changed, and nothing will be. */
  readonly restart: () => void;
}

/** Serves what the scenarios of every model ask for, on the loopback interface; the build is the first part of a path. */
export const openModelTarget = async (): Promise<ModelTarget> => {
  const late = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const [, build = '', what = '', key = ''] = request.url!.split('/');
      const isOdd = build.endsWith('wrong') && ++state.asked % 5 === 0;
      const isChange = request.method !== 'GET' && what !== 'reset';
      const isLate = build.startsWith('late') && isChange && ++state.changes % 12 === 0;
      const timer = setTimeout(
        () => {
          late.delete(timer);
          const said = (text === '' ? {} : JSON.parse(text)) as { readonly [name: string]: string | number };
          const [status, body] = does[`${request.method} ${what}`]?.(key, said, isOdd) ?? [404, {}];
          // A while on either side, so that two are under way at once.
          if (!isLate) setTimeout(() => response.writeHead(status).end(JSON.stringify(body)), 1);
        },
        isLate ? lateMs : 1,
      );
      if (isLate) late.add(timer);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    restart: () => {
      for (const timer of late) clearTimeout(timer);
      for (const each of [numbers, texts, lists, held]) each.clear();
    },
    [Symbol.asyncDispose]: async () => {
      for (const timer of late) clearTimeout(timer);
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};

/** Of each model: the steps of an iteration, and its section. */
export const modelScenarios: { readonly [model: string]: string } = {
  'counter': `
steps: [{ name: add, post: '/number/\${k}', json: { by: 2 } }]
consistency: { counter: { key: '\${k}', add: { step: add, by: 2 }, read: { get: '/number/\${key}', value: body.n } } }`,
  'rmw-counter': `
lock: mutex
steps:
  - critical:
      - { get: '/number/\${k}', capture: { n: body.n } }
      - { name: write, put: '/number/\${k}', json: { to: '\${n - 1}' } }
consistency:
  rmw-counter:
    key: '\${k}'
    update: { step: write, from: '\${n}', to: '\${n - 1}' }
    read: { get: '/number/\${key}', value: body.n }`,
  'register': `
steps:
  - { name: write, put: '/text/\${k}', json: { text: '\${id}' } }
  - { name: look, get: '/text/\${k}' }
consistency:
  register:
    key: '\${k}'
    write: { step: write, value: '\${id}' }
    see: { step: look, value: body.text }
    read: { get: '/text/\${key}', value: body.text }`,
  'cas-register': `
steps:
  - { get: '/text/\${k}', capture: { old: body.text } }
  - { name: swap, put: '/text/\${k}', json: { expect: '\${old}', text: '\${id}' }, expect: { status: [200, 409] } }
consistency:
  cas-register:
    key: '\${k}'
    cas: { step: swap, expect: '\${old}', value: '\${id}' }
    read: { get: '/text/\${key}', value: body.text }`,
  'stock': `
steps: [{ name: take, post: '/take/\${k}', expect: { status: [200, 409] } }]
consistency: { stock: { key: '\${k}', take: { step: take }, read: { get: '/left/\${key}', value: body.n } } }`,
  'allocation': `
steps:
  - { name: take, post: '/lock/\${k}', expect: { status: [200, 409] }, capture: { code: status } }
  - if: '\${code == 200}'
    then: [{ think: 6ms }, { name: give, post: '/unlock/\${k}' }]
consistency: { allocation: { key: '\${k}', acquire: { step: take }, release: { step: give } } }`,
  'mutex': `
steps:
  - { name: lock, post: '/lock/\${k}', expect: { status: [200, 409] }, capture: { code: status } }
  - if: '\${code == 200}'
    then: [{ think: 6ms }, { name: unlock, post: '/unlock/\${k}' }]
consistency:
  mutex: { lease: 10s, key: '\${k}', acquire: { step: lock, token: body.token }, release: { step: unlock } }`,
  'issue': `
steps: [{ name: order, post: /issued }]
consistency: { issue: { ordered: true, dense: true, issue: { step: order, value: body.number } } }`,
  'once': `
steps: [{ name: charge, post: '/charge/\${k}' }]
consistency:
  once: { key: '\${k}', do: { step: charge, answer: body.id }, effect: { get: '/charges/\${key}', value: body.count } }`,
  'set': `
steps:
  - { name: join, post: '/member/\${k}', json: { e: '\${id}' } }
  - { name: look, get: '/members/\${k}' }
consistency:
  set:
    key: '\${k}'
    add: { step: join, value: '\${id}' }
    see: { step: look, values: body.list }
    read: { get: '/members/\${key}', value: body.list }`,
  'queue': `
steps:
  - { name: put, post: '/job/\${k}', json: { e: '\${id}' } }
  - { name: take, post: '/work/\${k}', expect: { status: [200, 404] } }
consistency:
  queue:
    key: '\${k}'
    put: { step: put, value: '\${id}' }
    take: { step: take, value: body.id, empty: 404 }
    read: { get: '/jobs/\${key}', value: body.list }`,
  'at-most': `
steps: [{ name: ask, post: '/grant/\${k}', expect: { status: [200, 429] } }]
consistency: { at-most: { key: '\${k}', limit: 20, grant: { step: ask } } }`,
  'append-log': `
steps: [{ name: append, post: '/list/\${k}', json: { e: '\${id}' } }]
consistency:
  append-log: { key: '\${k}', append: { step: append, value: '\${id}' }, read: { get: '/list/\${key}', value: body.list } }`,
  'transfer': `
steps: [{ name: pay, post: /move, json: { from: '\${k}', to: '\${to}' } }]
consistency:
  transfer:
    least: -1000000
    key: '\${k}'
    move: { step: pay, from: '\${k}', to: '\${to}', by: 5 }
    read: { get: '/number/\${key}', value: body.n }`,
};
