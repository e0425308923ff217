import type { Json } from '../core/json.ts';
import { isRead, type Draft, type DraftRequest } from './draft.ts';

/** Steps from a read to the write of what was read, both included. */
export interface Section {
  readonly from: number;
  readonly to: number;
}

/** Which steps run under a lock, and the modes worth comparing. */
export interface Suggestion {
  readonly sections: readonly Section[];
  readonly steps: readonly DraftRequest[];
  /** `undefined` if nothing is written, because then no lock protects anything. */
  readonly modes: { readonly [name: string]: Json } | undefined;
  /** The variable of the thing that each iteration makes, if nothing else is written to: then no lock is ever contended. */
  readonly alone: string | undefined;
}

/** The status when another user was faster, and how often to retry. */
const conflict = { status: 412, retries: 50, backoff: '1ms..20ms' } as const;

/** Finds reads followed by a write of the same resource. Each is a critical section, with modes that guard it in different ways. */
export const suggest = ({ login, steps, data }: Draft, freeName: (text: string) => string): Suggestion => {
  if (steps.every(({ method }) => isRead(method))) return { sections: [], steps, modes: undefined, alone: undefined };
  const sections = sectionsOf(steps);
  const laid = [...steps];
  const changes: { [step: string]: Json } = {};
  const without: { [step: string]: Json } = {};
  let isOptimistic = false;
  let mayBeFree = true;
  for (const { from, to } of sections) {
    const [read, write] = [laid[from]!, laid[to]!];
    const sent = write.headers['if-match'];
    if (sent !== undefined) {
      isOptimistic = true;
      if (write.etag?.isNeeded === true) mayBeFree = false;
      else without[write.name] = { headers: { 'if-match': null } };
    } else if (read.etag?.isRead === true) {
      isOptimistic = true;
      const known = Object.entries(read.capture).find(([, expression]) => expression === 'header.etag')?.[0];
      const name = known ?? freeName('etag');
      laid[from] = { ...read, capture: { ...read.capture, [name]: 'header.etag' } };
      changes[write.name] = { headers: { 'if-match': `\${${name}}` } };
    }
  }
  const key = keyOf(sections, steps, new Set([...data.map(({ name }) => name), ...login.flatMap(capturesOf)]));
  const modes = {
    locked: 'mutex',
    ...(key === undefined ? {} : { keyed: { lock: { keyed: key } } }),
    ...(isOptimistic ? { optimistic: { conflict, ...inSteps(changes) } } : {}),
    ...(mayBeFree ? { 'lock-free': { lock: 'none', violations: 'allowed', ...inSteps(without) } } : {}),
  };
  return { sections, steps: laid, modes, alone: aloneIn(steps) };
};

/** What an iteration makes, if it writes to nothing else. */
const aloneIn = (steps: readonly DraftRequest[]): string | undefined => {
  const made = new Set(steps.filter(({ method }) => method === 'post').flatMap(capturesOf));
  const written = steps.filter(({ method, path }) => !isRead(method) && path.includes('${'));
  const own = written.map(({ path }) => namesIn(path).find((name) => made.has(name)));
  return own.includes(undefined) ? undefined : own[0];
};

/** The variables of a path. */
export const namesIn = (path: string): readonly string[] =>
  [...path.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, name]) => name!);

const inSteps = (steps: { readonly [step: string]: Json }): { readonly steps?: Json } =>
  Object.keys(steps).length === 0 ? {} : { steps };

const capturesOf = ({ capture }: DraftRequest): readonly string[] => Object.keys(capture);

/** From a read to the first write of the same path, if no section contains part of it already. */
const sectionsOf = (steps: readonly DraftRequest[]): readonly Section[] => {
  const sections: Section[] = [];
  let from = 0;
  for (let to = 0; to < steps.length; to++) {
    const write = steps[to]!;
    if (isRead(write.method) || write.method === 'delete') continue;
    // The last read before it, so that the section is as short as possible.
    let read = -1;
    for (let at = to - 1; at >= from && read === -1; at--) {
      const { method, path } = steps[at]!;
      if (method === 'get' && isSame(path, write)) read = at;
    }
    if (read === -1) continue;
    sections.push({ from: read, to });
    from = to + 1;
  }
  return sections;
};

/** Whether it is the same thing, or an action on it: `POST /seats/${seat}/bookings` after `GET /seats/${seat}`. */
const isSame = (read: string, { method, path }: DraftRequest): boolean =>
  read === path
    ? method !== 'post' || read.includes('${')
    : read.includes('${') && method === 'post' && path.startsWith(`${read}/`);

/** The only variable in the path of every section, if it is known before the first of them. */
const keyOf = (
  sections: readonly Section[],
  steps: readonly DraftRequest[],
  known: ReadonlySet<string>,
): string | undefined => {
  const [first] = sections;
  if (first === undefined) return undefined;
  const names = sections.map(({ from }) => namesIn(steps[from]!.path));
  const flat = names.flat();
  const before = new Set([...known, ...steps.slice(0, first.from).flatMap(capturesOf)]);
  const [name] = flat;
  return name !== undefined && new Set(flat).size === 1 && names.every(({ length }) => length > 0) && before.has(name)
    ? `\${${name}}`
    : undefined;
};
