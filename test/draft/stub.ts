import Ajv, { type ValidateFunction } from 'ajv/dist/2020.js';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Node = { readonly [key: string]: unknown };

/** A server that was made from an OpenAPI document, and holds requests to it. */
export interface Stub extends AsyncDisposable {
  readonly origin: string;
  /** What was not as the document has it, in words. */
  readonly refused: readonly string[];
  /** Requests by operation: `POST /pet`. */
  readonly counts: { readonly [operation: string]: number };
}

const mapOf = (value: unknown): Node => (typeof value === 'object' && value !== null ? (value as Node) : {});

/**
 * Opens a server for a document. It asks for what is required and for the credentials, holds bodies against their schemas, and
 * gives every thing that is made a number of its own: what was never made is not found. ETags are checked.
 *
 * @param base the path before all paths
 */
export const openStub = async (document: Node, base: string): Promise<Stub> => {
  const ajv = new Ajv.default({ strict: false, validateFormats: false, code: { optimize: false } });
  ajv.addSchema(forRequests(document) as object, 'api');
  const compiled = new Map<unknown, ValidateFunction>();
  const validatorOf = (schema: unknown): ValidateFunction => {
    const known = compiled.get(schema) ?? ajv.compile(rebased(schema) as object);
    compiled.set(schema, known);
    return known;
  };
  const refused: string[] = [];
  const counts: { [operation: string]: number } = {};
  const ids = new Map<string, Set<string>>();
  const versions = new Map<string, number>();

  const resolve = (value: unknown): Node => {
    const node = mapOf(value);
    if (typeof node['$ref'] !== 'string') return node;
    return resolve(
      node['$ref']
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => mapOf(at)[key.replaceAll('~1', '/')], document),
    );
  };
  const templates = Object.keys(mapOf(document['paths']))
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((template) => ({ template, pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`) }));
  const number = (): number => Math.floor(1 + Math.random() * 1e9);

  const sample = (schema: unknown, key: string, depth = 0): unknown => {
    const node = resolve(schema);
    const merged = Array.isArray(node['allOf']) ? node['allOf'].map((part: unknown) => resolve(part)) : [node];
    const properties = Object.assign({}, ...merged.map((part) => mapOf(part['properties']))) as Node;
    if (Object.keys(properties).length > 0) {
      if (depth > 2) return {};
      return Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, sample(inner, name, depth + 1)]),
      );
    }
    if (node['type'] === 'array') return [sample(node['items'], key, depth + 1)];
    if (node['type'] === 'object') return {};
    if (node['type'] === 'integer' || node['type'] === 'number') return number();
    if (node['type'] === 'boolean') return true;
    return key === 'id' ? `id_${randomUUID()}` : 'some text';
  };

  const serve = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url!, 'http://stub.test');
    const method = request.method!.toLowerCase();
    const refuse = (status: number, why: string): void => {
      refused.push(`${request.method} ${request.url}: ${why} ${body.slice(0, 300)}`);
      response.writeHead(status).end();
    };
    if (method === 'head') return void response.writeHead(200).end();
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : '';
    const template = templates.find(({ pattern }) => pattern.test(path))?.template;
    const item = mapOf(mapOf(document['paths'])[template ?? '']);
    const operation = mapOf(item[method]);
    if (template === undefined || item[method] === undefined) return refuse(404, 'no such operation');

    const security = (operation['security'] ?? document['security'] ?? []) as readonly Node[];
    const schemes = mapOf(mapOf(document['components'])['securitySchemes']);
    const mayEnter = security.some((way) =>
      Object.keys(way).every((name) => {
        const scheme = mapOf(schemes[name]);
        if (scheme['type'] !== 'apiKey') return /^Bearer .{4}/.test(request.headers.authorization ?? '');
        return scheme['in'] === 'header'
          ? request.headers[scheme['name'] as string] !== undefined
          : searchParams.has(scheme['name'] as string);
      }),
    );
    if (security.length > 0 && !mayEnter) return refuse(401, 'no credentials');

    for (const given of [
      ...((item['parameters'] ?? []) as unknown[]),
      ...((operation['parameters'] ?? []) as unknown[]),
    ]) {
      const {
        name,
        in: place,
        required,
        schema,
      } = resolve(given) as { name: string; in: string; required?: boolean; schema: Node };
      const values =
        place === 'query'
          ? searchParams.getAll(name)
          : place === 'header'
            ? [request.headers[name.toLowerCase()] ?? []].flat()
            : ['path'];
      if (required === true && values.length === 0) return refuse(400, `the ${place} has no ${name}`);
      if (place === 'query' && schema['type'] === 'integer' && values.some((value) => !/^\d+$/.test(value)))
        return refuse(400, `${name} is not a number`);
      if (
        Array.isArray(schema['enum']) &&
        place === 'query' &&
        values.some((value) => !(schema['enum'] as unknown[]).includes(value))
      )
        return refuse(400, `${name} is ${values.join()}`);
    }

    const [type, contentType] = [
      request.headers['content-type']?.split(';')[0] ?? '',
      request.headers['content-type'] ?? '',
    ];
    const bodyNode = resolve(operation['requestBody']);
    const media = mapOf(mapOf(bodyNode['content'])[type]);
    if (bodyNode['required'] === true && body === '') return refuse(400, 'no body');
    if (body !== '' && media['schema'] === undefined) return refuse(415, `a body of ${contentType}`);
    if (body !== '' && type !== 'application/octet-stream') {
      const fields = [...new URLSearchParams(body)];
      const value: unknown =
        type === 'application/json'
          ? JSON.parse(body)
          : Object.fromEntries(fields.map(([name, one]) => [name, name === 'tags' ? [one] : one]));
      const validate = validatorOf(media['schema']);
      if (!validate(value)) return refuse(400, ajv.errorsText(validate.errors));
    }

    const collection = /^(.*?)\/\{[^}]+\}/.exec(template)?.[1];
    const known = ids.get(collection ?? template);
    const id = decodeURIComponent(path.split('/')[collection?.split('/').length ?? 0] ?? '');
    const isMade = mapOf(mapOf(document['paths'])[collection ?? ''])['post'] !== undefined;
    if (collection !== undefined && isMade && known !== undefined && !known.has(id))
      return refuse(404, 'nobody has made it');
    const sent = request.headers['if-match'];
    const etag = `"v${versions.get(path) ?? 1}"`;
    if (sent !== undefined && sent !== etag) return void response.writeHead(412).end();
    if (method === 'put') versions.set(path, (versions.get(path) ?? 1) + 1);

    counts[`${request.method} ${template}`] = (counts[`${request.method} ${template}`] ?? 0) + 1;
    const [status = '200', found] =
      Object.entries(mapOf(operation['responses'])).find(([key]) => /^2\d\d$/.test(key)) ?? [];
    const answer = resolve(found);
    const schema = mapOf(mapOf(answer['content'])['application/json'])['schema'];
    const made = schema === undefined ? undefined : sample(schema, '');
    const madeId = mapOf(made)['id'];
    if (method === 'post' && collection === undefined && madeId !== undefined) {
      if (!ids.has(template)) ids.set(template, new Set());
      ids.get(template)!.add(`${madeId as string | number}`);
    }
    const headers = mapOf(answer['headers'])['ETag'] === undefined ? {} : { etag };
    response
      .writeHead(Number(status), { 'content-type': 'application/json', ...headers })
      .end(made === undefined || status === '204' ? '' : JSON.stringify(made));
  };

  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => serve(request, body, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    counts,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};

/** What only answers have, `readOnly`, is not required of a request. */
const forRequests = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(forRequests);
  if (typeof value !== 'object' || value === null) return value;
  const { required, ...others } = value as Node;
  const rest = Object.fromEntries(Object.entries(others).map(([key, inner]) => [key, forRequests(inner)]));
  const isOfAnswers = (name: unknown): boolean => mapOf(mapOf(others['properties'])[String(name)])['readOnly'] === true;
  if (required === undefined) return rest;
  return { ...rest, required: Array.isArray(required) ? required.filter((name) => !isOfAnswers(name)) : required };
};

/** References that lead into the document from a schema that stands alone. */
const rebased = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(rebased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, 'api#') : rebased(inner),
    ]),
  );
};
