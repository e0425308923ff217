import { ContendError } from '../../core/errors.ts';
import { methodWords, sendsNoBody } from '../draft.ts';
import { newNotes, type Notes } from '../notes.ts';
import { addressOf, urlOf } from '../postman/address.ts';
import { authOf } from '../postman/auth.ts';
import { bodyIn } from '../postman/body.ts';
import { listOf, mapOf, pairsOf, textOf, type Fill, type Map as Node } from '../postman/maps.ts';
import { capturesIn, scriptsOf } from '../postman/scripts.ts';
import type { Exchange } from '../recorded/exchange.ts';
import { draftRecorded } from '../recorded/recorded.ts';
import { markVariable } from '../recorded/variables.ts';
import { oneLine } from '../text.ts';
import { ofOneOrigin } from './origin.ts';
import type { Source } from './source.ts';

/** What a request inherits from its folders. */
interface Around {
  readonly path: readonly string[];
  readonly auth: Node;
  /** A text with the collection's own variables filled in, and marks for the others. */
  readonly fill: Fill;
  /** Values by name, from the collection and the folders around, the nearest last. */
  readonly values: readonly Map<string, string>[];
  readonly notes: Notes;
}

/** A Postman collection in format 2.1 or 2.0: requests in folders, with variables of its own. */
export const postman: Source = ({ text, file, origin }) => {
  const given = mapOf(JSON.parse(text));
  const collection = given['item'] === undefined ? mapOf(given['collection']) : given;
  const notes = newNotes();
  const values = [valuesIn(collection)];
  const around = { path: [], auth: mapOf(collection['auth']), fill: fillerOf(values), values, notes };
  tellScripts(collection, 'the collection', notes);
  const exchanges = exchangesOf(collection, around);
  if (exchanges.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      `${file} has no request that contend can send.`,
      'It takes requests over http or https, with GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.',
    );
  const name = oneLine(textOf(mapOf(collection['info'])['name']), 60);
  const kept = ofOneOrigin(exchanges, notes, { asked: origin });
  return draftRecorded({
    title: `${file}, a Postman collection${name === '' ? '' : `: ${name}`}`,
    exchanges: kept,
    notes,
  });
};

const valuesIn = (node: Node): Map<string, string> =>
  new Map(
    listOf(node['variable'])
      .map(mapOf)
      .filter((one) => one['disabled'] !== true && textOf(one['value']) !== '')
      .map((one) => [textOf(one['key'] ?? one['id']), textOf(one['value'])] as const),
  );

/** Notes a script that all requests of a folder share. */
const tellScripts = (folder: Node, where: string, notes: Notes): void => {
  const { before, test } = scriptsOf(folder);
  if (before !== '') notes.left(`${where}: what its pre-request script does before each request`);
  if (test !== '') notes.left(`${where}: what its tests check, and keep, of each answer`);
};

/** What replaces a value that Postman generates for every request. */
const madeAnew = (name: string): string => {
  if (/^(?:guid|randomUUID)$/.test(name)) return markVariable(name);
  if (name === 'timestamp') return markVariable('randomTimestamp');
  if (/^isoTimestamp$|Date(?:Future|Past|Recent)$/.test(name)) return markVariable('randomIsoTimestamp');
  if (name.endsWith('Email')) return `${markVariable('randomText')}@example.com`;
  if (/UserName|Password|AlphaNumeric/.test(name)) return markVariable('randomText');
  if (/Int$|Price|BankAccount$|Latitude|Longitude|Number$/.test(name)) return markVariable('randomInt');
  return markVariable(/Words|Sentence|Paragraph|Lines|LoremText/.test(name) ? 'randomWords' : 'randomWord');
};

/** A variable may refer to others. One that refers to itself stays as it is. */
const fillerOf = (values: readonly Map<string, string>[]): Fill => {
  const fill = (text: string, open: readonly string[]): string =>
    text.replaceAll(/\{\{\s*(\$?[^{}\s][^{}]{0,80}?)\s*\}\}/g, (_, name: string) => {
      const value = open.includes(name) ? undefined : values.findLast((map) => map.has(name))?.get(name);
      if (value !== undefined) return fill(value, [...open, name]);
      if (name.startsWith('$')) return madeAnew(name.slice(1));
      return markVariable(
        name
          .replaceAll(/\W+/g, '_')
          .replace(/^(?=\d)/, '_')
          .slice(0, 60),
      );
    });
  return (text) => fill(text, []);
};

const exchangesOf = (folder: Node, around: Around): readonly Exchange[] =>
  listOf(folder['item']).flatMap((value) => {
    const item = mapOf(value);
    const path = [...around.path, oneLine(textOf(item['name']), 60)];
    if (item['item'] !== undefined) {
      const auth = item['auth'] === undefined || item['auth'] === null ? around.auth : mapOf(item['auth']);
      const values = [...around.values, valuesIn(item)];
      tellScripts(item, path.join(' / '), around.notes);
      return exchangesOf(item, { ...around, path, auth, values, fill: fillerOf(values) });
    }
    return exchangeOf(item, { ...around, path });
  });

const exchangeOf = (item: Node, around: Around): readonly Exchange[] => {
  const { path, fill, notes } = around;
  const where = path.filter((part) => part !== '').join(' / ') || 'a request';
  // A request may be just its address.
  const request = typeof item['request'] === 'string' ? { url: item['request'] } : mapOf(item['request']);
  const method = methodWords.find((word) => word === (textOf(request['method']) || 'get').toLowerCase());
  if (method === undefined) {
    notes.left(`${where}: its method, ${oneLine(textOf(request['method']), 20)}`);
    return [];
  }
  const address = addressOf(request['url'], fill);
  const url = urlOf(address);
  if (url === undefined) {
    notes.left(`${where}: its address, which is no http address`);
    return [];
  }
  const variable = /^(?:https?:\/\/)?\ue000(\w+)\ue001/.exec(address)?.[1];
  if (variable !== undefined)
    notes.guessed(`what ${variable} stands for, → write it into target in place of ${url.origin}`);
  const headers = pairsOf(request['header'], fill);
  const auth = authOf(
    request['auth'] === undefined || request['auth'] === null ? around.auth : mapOf(request['auth']),
    fill,
  );
  if (auth.left !== undefined) notes.left(`${where}: ${auth.left}`);
  for (const [name, value] of auth.query) url.searchParams.append(name, value);
  const behaviour = mapOf(item['protocolProfileBehavior']);
  // Postman keeps the body that a GET had under another method, and does not send it.
  const isPruned = sendsNoBody(method) && behaviour['disableBodyPruning'] !== true;
  const body = bodyIn(isPruned ? {} : mapOf(request['body']), headers, fill);
  if (body.left !== undefined) notes.left(`${where}: ${body.left}`);
  const scripts = scriptsOf(item);
  const captures = capturesIn(scripts.test);
  if (scripts.before !== '') notes.left(`${where}: what its pre-request script does`);
  if (scripts.test !== '') notes.left(`${where}: what its tests check`);
  // From here on a variable holds what was captured, no longer the collection's value.
  for (const map of around.values)
    for (const known of map.keys()) if (Object.hasOwn(captures, known.replaceAll(/\W+/g, '_'))) map.delete(known);
  return [
    {
      where,
      method,
      url,
      headers: [...headers, ...auth.headers, ...body.headers],
      redirects: behaviour['followRedirects'] === false ? 0 : 10,
      ...(body.body === undefined ? {} : { body: body.body }),
      ...(auth.basic === undefined ? {} : { basic: auth.basic }),
      ...(Object.keys(captures).length === 0 ? {} : { captures }),
    },
  ];
};
