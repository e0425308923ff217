import { member } from '../member.ts';
import { singular } from '../names.ts';
import type { Kind } from './deeds.ts';
import { listOf, nodeOf, textOf, type Node, type OpenApi } from './document.ts';
import { bare, type Operation } from './operations.ts';
import { flat, typeOf } from './schema.ts';

/** A value from one answer that a parameter of a later request takes. */
export interface Feed {
  /** The operation that answers. */
  readonly from: Operation;
  readonly expression: string;
}

/** Where the value of a path parameter comes from: a link of the document, or the answer that made the thing. */
export const feedOf = (
  document: OpenApi,
  parameter: string,
  to: Operation,
  earlier: readonly Operation[],
  kinds: ReadonlyMap<Operation, Kind>,
): Feed | undefined => linked(document, parameter, to, earlier) ?? made(document, parameter, to, earlier, kinds);

const linked = (
  document: OpenApi,
  parameter: string,
  to: Operation,
  earlier: readonly Operation[],
): Feed | undefined => {
  // The answer to a HEAD has no body.
  for (const from of earlier.toReversed().filter(({ method }) => method !== 'head')) {
    for (const { node } of from.answers) {
      for (const value of Object.values(nodeOf(node['links']))) {
        const link = document.resolve(value);
        const given = nodeOf(link['parameters']);
        const expression = textOf(given[parameter] ?? given[`path.${parameter}`]);
        const read =
          to.id !== undefined && link['operationId'] === to.id && expression !== undefined
            ? runtimeOf(expression)
            : undefined;
        if (read !== undefined) return { from, expression: read };
      }
    }
  }
  return undefined;
};

/**
 * What a call's body or query takes from the answer of an earlier call that made the thing: a member of the same name, the id of a
 * map of that name, or the id of the thing.
 *
 * @returns feeds by their names in the request
 */
export const callFeeds = (
  document: OpenApi,
  to: Operation,
  earlier: readonly Operation[],
  kinds: ReadonlyMap<Operation, Kind>,
): ReadonlyMap<string, Feed> => {
  const { resource, isCall } = kinds.get(to)!;
  const makers = earlier.filter((one) => kinds.get(one)!.deed === 'make' && kinds.get(one)!.resource === resource);
  if (!isCall || makers.length === 0) return new Map();
  const [media] = Object.values(nodeOf(to.body?.['content']));
  const names = [
    ...Object.keys(nodeOf(flat(document, nodeOf(media)['schema']).node['properties'])).slice(0, 200),
    ...to.parameters.flatMap((one) => (one.in === 'query' ? one.name : [])),
  ];
  const thing = singular(resource.split(/[/.]/).at(-1) ?? '');
  const found = names.flatMap((name) =>
    makers
      .flatMap((from): readonly (readonly [string, Feed])[] => {
        const expression = keptOf(document, jsonAnswer(from), { name, thing });
        return expression === undefined ? [] : [[name, { from, expression }]];
      })
      .slice(0, 1),
  );
  return new Map(found);
};

/** The media type object of a JSON answer: its schema, and its example if it has one. */
const jsonAnswer = ({ answers }: Operation): Node => {
  const [json] = answers.flatMap(({ node }) =>
    Object.entries(nodeOf(node['content'])).filter(([type]) => /json/i.test(type)),
  );
  return nodeOf(json?.[1]);
};

const keptOf = (
  document: OpenApi,
  { schema, example }: Node,
  { name, thing }: { readonly name: string; readonly thing: string },
): string | undefined => {
  if (!/^[A-Za-z_]\w{0,60}$/.test(name)) return undefined;
  const properties = nodeOf(flat(document, schema).node['properties']);
  const { node } = flat(document, Object.hasOwn(properties, name) ? properties[name] : undefined);
  const hasId = (map: Node): boolean => Object.hasOwn(map, 'id');
  // Some schemas say less than the example next to them.
  const shown = nodeOf(example)[name];
  if (typeOf(node) === 'object' || hasId(nodeOf(shown)))
    return hasId(nodeOf(node['properties'])) || hasId(nodeOf(shown)) ? member(member('body', name), 'id') : undefined;
  if (!isId(name, thing) || typeOf(node) === 'array') return undefined;
  if (Object.hasOwn(properties, name)) return member('body', name);
  // A key or a token by another name may belong to something else.
  return /(?:key|token)$/i.test(name) ? undefined : propertyOf(document, schema, name, thing);
};

/** Whether a name looks like that of one thing: its id, a token for it, or the thing itself. */
const isId = (name: string, thing: string): boolean =>
  /(?:^|[-_])(?:id|uuid|key|token|ref|ts)$|(?:Id|Uuid|Key|Token|Ref)$/.test(name) || simple(name) === simple(thing);

/** `$response.body#/data/id` as an expression of a scenario. `undefined` for anything that is not in an answer. */
const runtimeOf = (text: string): string | undefined => {
  const header = /^\$response\.header\.([\w-]+)$/.exec(text)?.[1];
  if (header !== undefined) return member('header', header.toLowerCase());
  const pointer = /^\$response\.body#((?:\/[\w.-]+)+)$/.exec(text)?.[1];
  return pointer
    ?.slice(1)
    .split('/')
    .reduce((of, part) => (/^\d{1,6}$/.test(part) ? `${of}[${part}]` : member(of, part)), 'body');
};

/** `POST /things` answers with what `/things/{id}` takes. */
const made = (
  document: OpenApi,
  parameter: string,
  to: Operation,
  earlier: readonly Operation[],
  kinds: ReadonlyMap<Operation, Kind>,
): Feed | undefined => {
  const path = bare(to.path);
  const collection = path.slice(0, path.indexOf(`/{${parameter}}`));
  const from = earlier.findLast((one) => {
    const { deed, resource } = kinds.get(one)!;
    return one.method === 'post' && deed === 'make' && resource === collection;
  });
  if (from === undefined || !path.includes(`/{${parameter}}`)) return undefined;
  const thing = singular(collection.split('/').at(-1) ?? '');
  for (const { status, node } of from.answers) {
    if (status === undefined && from.answers.length > 1) continue;
    const [json] = Object.entries(nodeOf(node['content'])).filter(([type]) => /json/i.test(type));
    const expression =
      json === undefined ? undefined : propertyOf(document, nodeOf(json[1])['schema'], parameter, thing);
    if (expression !== undefined) return { from, expression };
  }
  // An answer may only say where the new thing is: then its name follows the collection's in that address.
  const last = collection.split('/').at(-1) ?? '';
  return hasHeader(from.answers, 'location') && /^[\w.~-]+$/.test(last)
    ? { from, expression: `split(header.location, "/${last}/")[1]` }
    : undefined;
};

/** The property of an answer that identifies the thing, directly or inside the one map that wraps it. */
const propertyOf = (document: OpenApi, schema: unknown, parameter: string, thing: string): string | undefined => {
  const { node } = flat(document, schema);
  const direct = keyOf(node, parameter, thing);
  if (direct !== undefined) return member('body', direct);
  for (const [key, value] of Object.entries(nodeOf(node['properties'])).slice(0, 50)) {
    const inner = flat(document, value).node;
    const isWrap =
      typeOf(inner) === 'object' &&
      (/^(?:data|result|item|payload|value|metadata)$/i.test(key) || simple(key) === simple(thing));
    const found = isWrap ? keyOf(inner, parameter, thing) : undefined;
    if (found !== undefined && /^[\w-]+$/.test(key)) return member(member('body', key), found);
    // An operation that makes several things answers with a list of them.
    const isList = typeOf(inner) === 'array' && simple(singular(key)) === simple(thing);
    const one = isList ? keyOf(flat(document, inner['items']).node, parameter, thing) : undefined;
    if (one !== undefined && /^[\w-]+$/.test(key)) return member(`${member('body', key)}[0]`, one);
  }
  return undefined;
};

const simple = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();

const keyOf = (node: Node, parameter: string, thing: string): string | undefined => {
  const keys = Object.keys(nodeOf(node['properties'])).filter(
    (key) => /^[A-Za-z_][\w-]{0,60}$/.test(key) && !['constructor', 'prototype', '__proto__'].includes(key),
  );
  const wanted = [
    simple(parameter),
    ...(/(?:id|key|uuid|guid)$/i.test(parameter) || simple(parameter) === simple(thing) ? ['id', 'uuid', 'key'] : []),
  ];
  for (const name of wanted) {
    const found = keys.find((key) => simple(key) === name);
    if (found !== undefined) return found;
  }
  const last = simple(parameter).startsWith(simple(thing)) ? simple(parameter).slice(simple(thing).length) : undefined;
  return last === undefined || last === '' ? undefined : keys.find((key) => simple(key) === last);
};

/** Whether a successful answer of an operation has an ETag. */
export const hasEtag = ({ answers }: Operation): boolean => hasHeader(answers, 'etag');

const hasHeader = (answers: Operation['answers'], wanted: string): boolean =>
  answers.some(({ node }) => Object.keys(nodeOf(node['headers'])).some((name) => name.toLowerCase() === wanted));

/** Where a successful answer of an operation has an ETag: in its header, otherwise in its body. `undefined`: nowhere. */
export const etagIn = (document: OpenApi, operation: Operation): string | undefined => {
  if (hasEtag(operation)) return 'header.etag';
  if (operation.method === 'head') return undefined;
  const [json] = operation.answers.flatMap(({ node }) =>
    Object.entries(nodeOf(node['content'])).filter(([type]) => /json/i.test(type)),
  );
  const { node } = flat(document, json === undefined ? {} : nodeOf(json[1])['schema']);
  const key = Object.keys(nodeOf(node['properties'])).find((name) => /^_?etag$/i.test(name));
  return key === undefined ? undefined : member('body', key);
};

/** The statuses of success. Empty if the document names no exact ones. */
export const successOf = ({ answers, statuses }: Operation): readonly number[] => {
  const exact = answers.flatMap(({ status }) => (status === undefined ? [] : [status]));
  const isOpen = listOf(statuses).some((status) => status === '2XX' || status === '2xx');
  return isOpen ? [] : exact;
};
