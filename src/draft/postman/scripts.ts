import type { Json } from '../../core/json.ts';
import { member } from '../member.ts';
import { listOf, mapOf, textOf, type Map as Node } from './maps.ts';

/** The scripts of a request, or of a folder, without their comments. */
export const scriptsOf = (item: Node): { readonly before: string; readonly test: string } => {
  const of = (listen: string): string =>
    listOf(item['event'])
      .map(mapOf)
      .filter((one) => one['listen'] === listen)
      .map((one) => mapOf(one['script'])['exec'])
      .map((exec) => (Array.isArray(exec) ? listOf(exec).map(textOf).join('\n') : textOf(exec)))
      .join('\n')
      .replaceAll(/^\s*\/\/.*$/gm, '')
      .trim();
  return { before: of('prerequest'), test: of('test') };
};

const json = String.raw`pm\.response\.json\(\)|JSON\.parse\(\s*(?:responseBody|pm\.response\.text\(\))\s*\)`;
const steps = String.raw`(?:\??\.(?!toString\b)[A-Za-z_]\w*|(?:\?\.)?\[(?:\d{1,6}|["'][\w .-]+["'])\])`;
const value = String.raw`(${json}|[A-Za-z_$][\w$]*)(${steps}*)`;

const named = new RegExp(String.raw`(?:(?:const|let|var)\s+)?([A-Za-z_$][\w$]*)\s*=\s*${value}\s*(?:;|$|\|\|)`, 'gm');
const taken = new RegExp(String.raw`(?:const|let|var)\s*\{([^{}]{1,300})\}\s*=\s*${value}`, 'g');
const kept =
  /(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)\(\s*["'`]([\w.-]{1,60})["'`]\s*,\s*([^;\n]{1,300})/g;
const header = /^(?:pm\.response\.headers\.get|postman\.getResponseHeader)\(\s*["'`]([\w-]{1,60})["'`]\s*\)/;
const text = /^(?:pm\.response\.text\(\)|responseBody\b)/;
const either = new RegExp(String.raw`^(?:(["'])([\w ]{1,40})\1\s*\+\s*)?(?:String\(\s*|\`\$\{\s*)?${value}`);

/**
 * What a script keeps from an answer for later requests: `pm.environment.set("token", pm.response.json().token)`, also via its own
 * variables, and from headers.
 *
 * @returns expressions of a scenario, by the names that later requests use
 */
export const capturesIn = (script: string): { readonly [name: string]: Json } => {
  const known = new Map<string, string>();
  const expressionOf = (of: string, path: string): string | undefined => {
    const from = /[.(]/.test(of) ? 'body' : known.get(of);
    return from === undefined
      ? undefined
      : `${from}${path.replaceAll("'", '"').replaceAll(/\?\.(?=\[)|\?(?=\.)/g, '')}`;
  };
  for (const [, name = '', of = '', path = ''] of script.matchAll(named)) {
    const expression = expressionOf(of, path);
    if (expression !== undefined) known.set(name, expression);
  }
  for (const [, names = '', of = '', path = ''] of script.matchAll(taken)) {
    const expression = expressionOf(of, path);
    for (const one of names.split(',')) {
      const [, key, own] = /^\s*([A-Za-z_]\w*)\s*(?::\s*([A-Za-z_]\w*))?/.exec(one) ?? [];
      if (expression !== undefined && key !== undefined) known.set(own ?? key, member(expression, key));
    }
  }
  return Object.fromEntries(
    [...script.matchAll(kept)].flatMap(([, name = '', given = '']): readonly (readonly [string, Json])[] => {
      const variable = name.replaceAll(/\W+/g, '_');
      const field = header.exec(given)?.[1];
      if (field !== undefined) return [[variable, member('header', field.toLowerCase())]];
      if (text.test(given)) return [[variable, { text: String.raw`(?s)^\s*(.*?)\s*$` }]];
      const [, , ahead, of = '', path = ''] = either.exec(given) ?? [];
      const expression = expressionOf(of, path);
      // A whole answer is not a value that a request could send.
      if (expression === undefined || expression === 'body') return [];
      return [[variable, ahead === undefined ? expression : `"${ahead}" + ${expression}`]];
    }),
  );
};
