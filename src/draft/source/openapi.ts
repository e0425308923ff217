import { parse } from 'yaml';
import { ContendError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { isRead, type DraftRequest } from '../draft.ts';
import { hoisted } from '../hoist.ts';
import { newNames, singular } from '../names.ts';
import { choose, type Chosen } from '../openapi/choose.ts';
import { nodeOf, openApi, textOf, type OpenApi } from '../openapi/document.ts';
import { callFeeds, etagIn, feedOf } from '../openapi/feeds.ts';
import { bare, operationsOf, type Operation } from '../openapi/operations.ts';
import { isIfMatch, requestOf } from '../openapi/request.ts';
import { sourceOf } from '../openapi/scalars.ts';
import { flat, namedValue } from '../openapi/schema.ts';
import { serverOf, urlOf } from '../openapi/server.ts';
import { upgraded } from '../openapi/swagger.ts';
import { newPlaces } from '../openapi/places.ts';
import { newVariables, schemaOf } from '../openapi/values.ts';
import { newNotes, type Notes } from '../notes.ts';
import { newRoom } from '../room.ts';
import { newEnvironment } from '../secrets.ts';
import { oneLine } from '../text.ts';
import type { Source } from './source.ts';

/** An API description: OpenAPI 3.0 to 3.2 or Swagger 2.0, in one document or in several files. */
export const openapi: Source = ({ text, file, tags, operations: patterns, files, value }) => {
  const given = nodeOf(value ?? valueIn(text));
  const isSwagger = given['openapi'] === undefined;
  const version = String(given[isSwagger ? 'swagger' : 'openapi']);
  if (!(isSwagger ? /^2(?:\.0)?$/ : /^3\.[012](?:\.|$)/).test(version))
    throw new ContendError(
      'ERR_USAGE',
      `${file} is ${isSwagger ? 'Swagger' : 'OpenAPI'} ${oneLine(version, 20)}.`,
      'Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read.',
    );
  const written = openApi(given, files, safely);
  const document = isSwagger ? { ...written, root: upgraded(written) } : written;
  const { root } = document;
  const { operations, others } = operationsOf(document);
  if (operations.length === 0 && document.missing.size > 0)
    throw new ContendError('ERR_USAGE', `${file} is ${partsOf(document)}.`, bundling(file));
  if (operations.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      `${file} has no operation that contend can send.`,
      'It takes paths with get, post, put, patch, delete, head or options.',
    );
  const { steps, rest, kinds, why } = choose(operations, { tags, operations: patterns, file });
  const info = nodeOf(root['info']);
  const { target, comment } = serverOf(document);
  const notes = newNotes();
  if (why !== undefined) notes.guessed(why);
  const made = draftSteps(document, steps, kinds, notes);
  for (const one of steps)
    if (one.server !== undefined && !target.endsWith(urlOf(one.server).replace(/\/+$/, '')))
      notes.left(`the servers of ${one.title}: it is sent to the target`);
  if (others.length > 0) notes.left(`methods that are not taken over: ${some(others)}`);
  if (document.missing.size > 0) notes.left(`the document is ${partsOf(document)}: ${bundling(file)}`);
  if (document.broken.size > 0)
    notes.left(`what these references name, which lead nowhere in this document: ${some([...document.broken])}`);
  const title = oneLine(textOf(info['title']) ?? file, 80);
  return {
    names: made.names,
    draft: {
      title: `${oneLine(file, 80)}: ${title} ${oneLine(textOf(info['version']) ?? '', 20)}`.trim(),
      name: title === '' ? 'api' : title,
      target,
      targetComment: comment,
      secrets: made.secrets,
      env: made.env,
      cookies: false,
      ...hoisted(made.steps),
      data: made.data,
      login: [],
      rest: rest.map(({ title: line, summary }) => (summary === '' ? line : `${line}  ${summary}`)),
      ...notes.told(),
    },
  };
};

const valueIn = (text: string): unknown =>
  /^\s*\{/.test(text)
    ? JSON.parse(text)
    : parse(text, { uniqueKeys: false, merge: true, maxAliasCount: 1000, logLevel: 'silent' });

/** A file that cannot be parsed contains nothing that a reference could point to. */
const safely = (text: string): unknown => {
  try {
    return valueIn(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
};

const some = (lines: readonly string[]): string =>
  `${lines
    .slice(0, 10)
    .map((line) => oneLine(line, 80))
    .join(', ')}${lines.length > 10 ? ` and ${lines.length - 10} more` : ''}`;

const partsOf = ({ missing }: OpenApi): string => {
  const [first = '', ...more] = missing;
  return `in several files, of which ${more.length === 0 ? 'one is not here' : `${missing.size} are not here`} (${oneLine(first, 60)}${more.length === 0 ? '' : ' …'})`;
};

const bundling = (file: string): string =>
  `bundle it first, with npx @redocly/cli bundle ${/^[\w./-]{1,60}$/.test(file) ? file : 'openapi.yaml'} -o bundled.yaml`;

const draftSteps = (document: OpenApi, operations: readonly Operation[], kinds: Chosen['kinds'], notes: Notes) => {
  const names = newNames();
  const environment = newEnvironment();
  const variables = newVariables(names);
  const captures = new Map<Operation, { [name: string]: Json }>(operations.map((one) => [one, {}]));
  const fed = new Map<string, string>();
  const room = newRoom();

  const places = newPlaces();

  const capture = (from: Operation, expression: string, wanted: string): string => {
    const id = `${operations.indexOf(from)} ${expression}`;
    const known = fed.get(id);
    if (known !== undefined) return known;
    const name = names.variable(wanted);
    fed.set(id, name);
    captures.get(from)![name] = expression;
    return name;
  };

  const inPath = (operation: Operation, at: number, parameter: string): string => {
    const wanted = wantedName(operation.path, parameter);
    const same = places.find(operation.path, parameter);
    if (same !== undefined) return same;
    const feed = feedOf(document, parameter, operation, operations.slice(0, at), kinds);
    if (feed !== undefined) return places.keep(operation.path, parameter, capture(feed.from, feed.expression, wanted));
    const declared = operation.parameters.find((one) => one.in === 'path' && one.name === parameter);
    const sampling = { document, environment, variables: new Map<string, string>(), notes, room };
    const { node } = flat(document, declared === undefined ? {} : schemaOf(declared, sampling));
    if (/^(?:api[-_]?)?version$/i.test(parameter) && namedValue(node) !== undefined)
      return literalOf(namedValue(node)!.value);
    // Answers are parsed as JSON.
    if (isFormat(operation.path, parameter)) return literalOf('json');
    const { source, comment } = sourceOf(node, (said) => notes.guessed(`${parameter}: ${said}`));
    return places.keep(operation.path, parameter, variables.of(wanted, source, comment));
  };

  const paths = operations.map((operation, at) => {
    const parameters = [...operation.path.matchAll(/\{([^{}/]+)\}/g)].map(([, name]) => name!);
    return new Map(parameters.map((name) => [name, inPath(operation, at, name)]));
  });
  // What is found by a name is also made under it: the body that has the name takes the same variable.
  const data = new Set(variables.data.map(({ name }) => name));
  const shared = new Map(
    paths.flatMap((path) =>
      [...path].filter(([name, variable]) => data.has(variable) && !/^(?:id|name|type)$/i.test(name)),
    ),
  );
  /** A write to a whole collection names the thing in its body: the one that was read. */
  const ownOf = ({ method, path }: Operation, at: number): ReadonlyMap<string, string> => {
    if (!/^(?:put|patch)$/.test(method) || bare(path).endsWith('}')) return new Map();
    const read = operations
      .slice(0, at)
      .findLastIndex(
        (one) => bare(one.path).replace(/\/\{[^/{}]+\}$/, '') === bare(path) && bare(one.path).endsWith('}'),
      );
    const name = read === -1 ? undefined : [...paths[read]!.values()].at(-1);
    return name === undefined || name.startsWith('"') ? new Map() : new Map([['id', name]]);
  };
  const steps = operations.map((operation, at) => {
    const ofMade = [...callFeeds(document, operation, operations.slice(0, at), kinds)].map(
      ([name, { from, expression }]) =>
        [name, capture(from, expression, wantedName(`${kinds.get(operation)!.resource}/{${name}}`, name))] as const,
    );
    const sampling = {
      document,
      environment,
      variables: isRead(operation.method) ? new Map<string, string>() : shared,
      notes,
      room,
      own: new Map([...ownOf(operation, at), ...ofMade]),
    };
    const read = operation.parameters.some(isIfMatch) ? lastRead(document, operations, at) : undefined;
    const etag = read === undefined ? undefined : capture(read, etagIn(document, read)!, 'etag');
    return requestOf(operation, { sampling, variables, names, etag, inPath: (name) => paths[at]!.get(name)! });
  });
  return {
    names,
    data: variables.data,
    secrets: environment.secrets,
    env: environment.env,
    steps: steps.map((request, at): DraftRequest => ({ ...request, capture: captures.get(operations[at]!)! })),
  };
};

/** Whether a path parameter selects the format of the answer: `/things.{format}`. */
const isFormat = (path: string, parameter: string): boolean =>
  /^_?(?:format|ext(?:ension)?)$/i.test(parameter) && path.includes(`.{${parameter}}`);

/** A version is not a variable, and goes into the path literally. */
const literalOf = (value: unknown): string => JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value));

/** The last operation whose answer has the ETag of a path, unless the path has been written since. */
const lastRead = (document: OpenApi, operations: readonly Operation[], at: number): Operation | undefined => {
  const before = operations.slice(0, at).filter(({ path }) => path === operations[at]!.path);
  const last = before.at(-1);
  const read = before.findLast((one) => etagIn(document, one) !== undefined);
  return read === last || (last !== undefined && isRead(last.method)) ? read : undefined;
};

/** `id` in `/orders/{id}` becomes `orderId`. */
const wantedName = (given: string, parameter: string): string => {
  const path = bare(given);
  if (!/^(?:id|key|name|slug|uuid|number|code)$/i.test(parameter)) return parameter;
  const before = path
    .slice(0, path.indexOf(`{${parameter}}`))
    .split('/')
    .filter((part) => /^[\w-]+$/.test(part));
  return `${singular(before.at(-1) ?? 'thing')} ${parameter}`;
};
