import { listOf, mapOf, textOf, type Map } from './maps.ts';

/** The scripts of a request, without their comments. */
export const scriptsOf = (item: Map): { readonly before: string; readonly test: string } => {
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

/** What a script keeps of an answer for later requests: `pm.environment.set("token", pm.response.json().token)`. */
export const capturesIn = (script: string): { readonly [name: string]: string } => {
  const json = new Set(
    [...script.matchAll(/(?:const|let|var)\s+(\w+)\s*=\s*(?:pm\.response\.json\(\)|JSON\.parse\(responseBody\))/g)].map(
      ([, name]) => name!,
    ),
  );
  const set =
    /(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)\(\s*["'`]([\w.-]{1,60})["'`]\s*,\s*(pm\.response\.json\(\)|\w+)((?:\.[A-Za-z_]\w*|\[\d{1,6}\]|\[["'][\w .-]+["']\])+)\s*\)/g;
  return Object.fromEntries(
    [...script.matchAll(set)].flatMap(([, name = '', of = '', path = '']) =>
      of.startsWith('pm.') || json.has(of)
        ? [[name.replaceAll(/\W+/g, '_'), `body${path.replaceAll("'", '"')}`] as const]
        : [],
    ),
  );
};
