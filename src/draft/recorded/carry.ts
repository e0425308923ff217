import type { Json } from '../../core/json.ts';
import type { DraftVariable } from '../draft.ts';
import type { Names } from '../names.ts';
import { isSecret, type Environment } from '../secrets.ts';
import { plain, templateOf } from '../text.ts';
import { thingOf, type Answers, type Captured, type Place } from './answers.ts';
import { isVersionPart } from '../versions.ts';
import { commandVariable } from './variables.ts';

/** Turns values of recorded requests into templates: captures, secrets, data, or plain text. */
export interface Carrier {
  /** A template for a text. */
  text(value: string, place: Place): string;
  /** A value of a JSON body, with templates for its texts and ids. */
  json(value: unknown, name: string): Json;
  /** The path of an address as a template. */
  path(url: URL): string;
  readonly data: readonly DraftVariable[];
}

/** More than this are no help: later values stay as they were. */
const mostVariables = 100;

/** What a draft's values come from. */
export const newCarrier = (answers: Answers, environment: Environment, names: Names): Carrier => {
  const data: DraftVariable[] = [];
  const byValue = new Map<string, string>();
  /** An id that is unique is the same thing wherever it is used. */
  const byObject = new Map<string, string>();

  const variable = (wanted: string, value: string): string | undefined => {
    const id = `${wanted} ${value}`;
    const known = byValue.get(id) ?? byObject.get(value);
    if (known !== undefined) return known;
    if (data.length >= mostVariables) return undefined;
    const name = names.variable(wanted);
    byValue.set(id, name);
    if (value.length >= shortestObject) byObject.set(value, name);
    const source = isWhole(value) ? `${value}..${value}` : { list: [value] };
    const others = isWhole(value) ? 'others that are there, such as 1..20' : 'write others that are there beside it';
    data.push({ name, source, comment: `→ only ${value.slice(0, 40)} was seen: ${others}` });
    return name;
  };

  /** A variable named by the source: from an earlier answer, generated, or from the environment. */
  const variableOf = (name: string): string => {
    const captured = answers.named(name);
    if (captured !== undefined) return captured.name;
    if (!isFresh(name)) return environment.variable(name);
    const known = byValue.get(`fresh ${name}`);
    if (known !== undefined) return known;
    const made = names.variable(name);
    byValue.set(`fresh ${name}`, made);
    data.push({ name: made, source: freshSources[name]!, comment: 'another one in each iteration' });
    return made;
  };

  const text = (value: string, place: Place): string => {
    if (isIdempotencyKey(place.name) && value.length >= 8) return templateOf([[variableOf('idempotencyKey')]]);
    const pieces = commandVariable(value);
    if (pieces !== undefined)
      return templateOf(
        pieces.map((piece) => (typeof piece === 'string' ? piece : ([variableOf(piece.variable)] as const))),
      );
    const captured = answers.find(value, place);
    if (captured !== undefined) return templateOf([[captured.name]]);
    const same = byObject.get(value);
    if (same !== undefined) return templateOf([[same]]);
    if (place.isToken === true || isSecret(place.name, value) || environment.isKnown(value))
      return templateOf([[environment.secret(place.name, value, `${place.name}, as it was recorded`)]]);
    return templateOf(environment.piecesOf(value));
  };

  /** Whether a value must not be in any file. */
  const isKept = (name: string, value: string): boolean => isSecret(name, value) || environment.isKnown(value);

  const number = (value: number, name: string): Json => {
    if (!Number.isFinite(value)) return null;
    const captured = Number.isSafeInteger(value) ? answers.find(value, { name }) : undefined;
    if (captured !== undefined) return `\${${as('number', captured)}}`;
    if (isSecret(name, String(value)))
      return `\${number(${environment.secret(name, String(value), `${name}, as it was recorded`)})}`;
    const made = /[a-z]_?id$|[a-z]Id$/.test(name) && isWhole(String(value)) ? variable(name, String(value)) : undefined;
    return made === undefined ? value : `\${${made}}`;
  };

  const json = (value: unknown, name: string): Json => {
    if (typeof value === 'string') {
      const captured = commandVariable(value) === undefined ? answers.find(value, { name }) : undefined;
      if (captured !== undefined) return `\${${as('string', captured)}}`;
      const isOfThing = /[a-z]_?id$|[a-z]Id$/.test(name) && isObjectId(value) && !isKept(name, value);
      const made = isOfThing ? variable(name, value) : undefined;
      if (made !== undefined) return `\${${made}}`;
      const template = text(value, { name });
      const only = /^\$\{(\w+)\}$/.exec(template)?.[1];
      // It was in quotes, so it stays a text.
      return only !== undefined && freshNumbers.test(only) ? `\${string(${only})}` : template;
    }
    if (typeof value === 'number') return number(value, name);
    if (typeof value !== 'object' || value === null) return value as Json;
    if (Array.isArray(value)) return value.map((item) => json(item, name));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner, key)]));
  };

  const segment = (raw: string, before: readonly string[], isLast: boolean): string => {
    const value = decoded(raw);
    if (value === undefined || value === '' || isVersionPart(value, before, isLast)) return plain(raw);
    // A server without cookies appends this to the path: /cart;jsessionid=…
    const [whole, head = '', name = '', secret = ''] = /^([^;]*);(\w{1,40})=([^;]+)$/.exec(value) ?? [];
    if (whole !== undefined && isSecret(name, secret))
      return `${head === '' ? '' : segment(head, before, isLast)};${name}=${text(secret, { name, isToken: true })}`;
    const thing = thingOf(before.join('/'));
    if (commandVariable(value) !== undefined) return text(value, { name: thing });
    const known = byValue.get(`${thing} id ${value}`);
    if (known !== undefined) return `\${${known}}`;
    const captured = answers.find(value, { name: `${thing}Id`, isPath: true });
    if (captured !== undefined) return `\${${captured.name}}`;
    const isThing = isObjectId(value) || isNamed(value, before);
    if (isSecret('', value) || (isHook(value, before) && !isThing) || environment.isKnown(value))
      return text(value, { name: `${thing}Token`, isToken: true });
    // It is unknown what a year stands for.
    const isYear = /^(?:19|20)\d\d$/.test(value) && !isLast;
    const made = (isWhole(value) && !isYear) || isThing ? variable(`${thing} id`, value) : undefined;
    if (made !== undefined) return `\${${made}}`;
    return environment.piecesOf(value).some((piece) => typeof piece !== 'string')
      ? text(value, { name: thing })
      : plain(raw);
  };

  return {
    data,
    text: (value, place) => {
      const isId =
        place.isToken !== true &&
        (isWhole(value) || isObjectId(value)) &&
        /[a-z](?:_id|Id)$/.test(place.name) &&
        !isKept(place.name, value);
      const made = isId && answers.find(value, place) === undefined ? variable(place.name, value) : undefined;
      return made === undefined ? text(value, place) : `\${${made}}`;
    },
    json,
    path: (url) => {
      const parts = url.pathname.split('/');
      return parts.map((part, at) => segment(part, parts.slice(0, at), at === parts.length - 1)).join('/');
    },
  };
};

const as = (wanted: 'string' | 'number', { name, type }: Captured): string =>
  type === wanted ? name : `${wanted}(${name})`;

/** A whole number as JSON writes it, small enough to be exact. */
const isWhole = (text: string): boolean => /^(?:0|[1-9]\d{0,14})$/.test(text);

/** Names of generated values, and their source in a scenario's data. */
const freshSources: { readonly [name: string]: Json } = {
  idempotencyKey: 'uuid',
  guid: 'uuid',
  randomUUID: 'uuid',
  randomInt: '0..1000',
  randomText: { text: 12 },
  randomWord: { words: 1 },
  randomWords: { words: 5 },
  randomTimestamp: { timestamp: '2026-01-01..2026-12-31', as: 'seconds' },
  randomIsoTimestamp: { timestamp: '2026-01-01..2026-12-31' },
};

/** Those that are numbers. */
const freshNumbers = /^(?:randomInt|randomTimestamp)\d*$/;

const isFresh = (name: string): boolean => Object.hasOwn(freshSources, name);

/** A header that identifies repeats of a request: with the same value, all iterations would count as one. */
const isIdempotencyKey = (name: string): boolean => /^(?:x-)?idempotency-key$/i.test(name);

/** A part of a path that grants access by itself, as in the webhooks of chat services. */
const isHook = (value: string, before: readonly string[]): boolean =>
  /^bot\d+:[\w-]{30,}$|^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])\w{20,}$/.test(value) ||
  (before.includes('services') && /^\w{20,}$/.test(value));

/** Shorter ones may be equal by chance. */
const shortestObject = 16;

/** Whether a part of a path follows a word for things with opaque names. */
const isNamed = (value: string, before: readonly string[]): boolean =>
  things.test(before.at(-1) ?? '') && /^(?=.*\d)[\w-]{16,64}$/.test(value);

const things =
  /^(?:users?|customers?|accounts?|contacts?|members|teams?|groups?|organi[sz]ations?|companies|projects?|workspaces?|files?|folders?|documents?|spreadsheets|presentations|d|images?|photos?|videos?|playlists?|albums?|tracks?|orders?|items?|products?|carts?|invoices?|payments?|subscriptions?|posts?|articles?|comments?|messages?|channels?|threads?|conversations?|events?|calendars?|tasks?|issues?|tickets?|boards?|cards?|lists?|pages?|records?|collections?|databases?)$/i;

/**
 * Ids of databases and services: UUIDs, also without dashes, ObjectIds, hashes in hex, ULIDs, KSUIDs, CUIDs, long numbers,
 * `cus_NffrFeUfNV2Hib`, `AC` and 32 digits in hex.
 */
const isObjectId = (text: string): boolean =>
  /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$|^(?=.*\d)(?:[\da-f]{24}|[\da-f]{32}|[\da-f]{40}|[\da-f]{64})$/i.test(
    text,
  ) ||
  /^[0-7][\dA-HJKMNP-TV-Z]{25}$|^[0-3](?=.*[A-Z])(?=.*[a-z])[\dA-Za-z]{26}$|^c(?=.*\d)[\da-z]{24}$|^\d{16,20}$|^[A-Z]{2}[\da-f]{32}$|^(?:rec|app|tbl|usr|viw|fld)(?=.*\d)[A-Za-z\d]{14}$/.test(
    text,
  ) ||
  /^(?!(?:tok|key|sk|pk|rk|whsec|secret|sess|pat|api|auth)_)[a-z]{2,12}(?:_(?:test|live))?_(?=.*\d)[A-Za-z\d]{10,40}$/.test(
    text,
  );

const decoded = (raw: string): string | undefined => {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
};
