import type { Json } from '../../core/json.ts';
import type { DraftVariable } from '../draft.ts';
import type { Names } from '../names.ts';
import { isSecret, type Environment } from '../secrets.ts';
import { plain, templateOf } from '../text.ts';
import { thingOf, type Answers, type Captured, type Place } from './answers.ts';
import { commandVariable } from './variables.ts';

/** Carries values of recorded requests over into templates: captures, secrets, data, or the text as it is. */
export interface Carrier {
  /** A template for a text. */
  text(value: string, place: Place): string;
  /** A value of a JSON body with templates for its texts and ids. */
  json(value: unknown, name: string): Json;
  /** The path of an address, a template. */
  path(url: URL): string;
  readonly data: readonly DraftVariable[];
}

/** More of them say nothing any more: what comes after them stands as it was. */
const mostVariables = 100;

/** What a draft's values come from. */
export const newCarrier = (answers: Answers, environment: Environment, names: Names): Carrier => {
  const data: DraftVariable[] = [];
  const byValue = new Map<string, string>();

  const variable = (wanted: string, value: string): string | undefined => {
    const id = `${wanted} ${value}`;
    const known = byValue.get(id);
    if (known !== undefined) return known;
    if (data.length >= mostVariables) return undefined;
    const name = names.variable(wanted);
    byValue.set(id, name);
    const source = isWhole(value) ? `${value}..${value}` : { list: [value] };
    data.push({ name, source, comment: `→ only ${value.slice(0, 40)} was seen: others that are there, such as 1..20` });
    return name;
  };

  const text = (value: string, place: Place): string => {
    const pieces = commandVariable(value);
    if (pieces !== undefined)
      return templateOf(
        pieces.map((piece) => (typeof piece === 'string' ? piece : ([environment.variable(piece.variable)] as const))),
      );
    const captured = answers.find(value, place);
    if (captured !== undefined) return templateOf([[captured.name]]);
    if (place.isToken === true || isSecret(place.name, value) || environment.isKnown(value))
      return templateOf([[environment.secret(place.name, value, `${place.name}, as it was recorded`)]]);
    return templateOf(environment.piecesOf(value));
  };

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
      return captured === undefined ? text(value, { name }) : `\${${as('string', captured)}}`;
    }
    if (typeof value === 'number') return number(value, name);
    if (typeof value !== 'object' || value === null) return value as Json;
    if (Array.isArray(value)) return value.map((item) => json(item, name));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner, key)]));
  };

  const segment = (raw: string, before: readonly string[]): string => {
    const value = decoded(raw);
    if (value === undefined || value === '') return plain(raw);
    // What a server without cookies writes behind a path: /cart;jsessionid=…
    const [whole, head = '', name = '', secret = ''] = /^([^;]*);(\w{1,40})=([^;]+)$/.exec(value) ?? [];
    if (whole !== undefined && isSecret(name, secret))
      return `${head === '' ? '' : segment(head, before)};${name}=${text(secret, { name, isToken: true })}`;
    const thing = thingOf(before.join('/'));
    if (commandVariable(value) !== undefined) return text(value, { name: thing });
    const known = byValue.get(`${thing} id ${value}`);
    if (known !== undefined) return `\${${known}}`;
    const captured = answers.find(value, { name: `${thing}Id`, isPath: true });
    if (captured !== undefined) return `\${${captured.name}}`;
    if (isSecret('', value) || isHook(value, before) || environment.isKnown(value))
      return text(value, { name: `${thing}Token`, isToken: true });
    const made = isWhole(value) || isUuid(value) ? variable(`${thing} id`, value) : undefined;
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
        isWhole(value) &&
        /[a-z](?:_id|Id)$/.test(place.name) &&
        !isSecret(place.name, value) &&
        !environment.isKnown(value);
      const made = isId && answers.find(value, place) === undefined ? variable(place.name, value) : undefined;
      return made === undefined ? text(value, place) : `\${${made}}`;
    },
    json,
    path: (url) => {
      const parts = url.pathname.split('/');
      return parts.map((part, at) => segment(part, parts.slice(0, at))).join('/');
    },
  };
};

const as = (wanted: 'string' | 'number', { name, type }: Captured): string =>
  type === wanted ? name : `${wanted}(${name})`;

/** A whole number as JSON writes it, and small enough to be exact. */
const isWhole = (text: string): boolean => /^(?:0|[1-9]\d{0,14})$/.test(text);

/** A part of a path that lets in whoever knows it, as those of chat services do. */
const isHook = (value: string, before: readonly string[]): boolean =>
  /^bot\d+:[\w-]{30,}$|^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])\w{20,}$/.test(value) ||
  (before.includes('services') && /^\w{20,}$/.test(value));

const isUuid = (text: string): boolean => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);

const decoded = (raw: string): string | undefined => {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
};
