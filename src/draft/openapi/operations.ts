import { methodWords, type MethodWord } from '../draft.ts';
import { oneLine } from '../text.ts';
import { listOf, nodeOf, textOf, type Node, type OpenApi } from './document.ts';

/** A parameter of an operation, with its reference followed. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly isRequired: boolean;
  readonly schema: unknown;
  readonly node: Node;
}

/** One operation of a document. */
export interface Operation {
  /** `POST /pets` */
  readonly title: string;
  readonly id: string | undefined;
  readonly method: MethodWord;
  /** As in the document: `/pets/{petId}` */
  readonly path: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly body: Node | undefined;
  readonly isBodyRequired: boolean;
  /** Successful answers, in the order of the document. `status` is `undefined` for `2XX` and `default`. */
  readonly answers: readonly { readonly status: number | undefined; readonly node: Node }[];
  /** Every documented status. */
  readonly statuses: readonly string[];
  /** Its own, otherwise the document's. */
  readonly security: readonly unknown[];
  readonly isDeprecated: boolean;
  /** The first server of the operation or its path. `undefined` if it has none. */
  readonly server: unknown;
}

/** A path without common suffixes, `/things.json`, `/things/`, and with ids in the common form, for `/Things('{id}')`. */
export const bare = (path: string): string =>
  path
    .replaceAll(/\((?:\w{1,60}=)?'?\{([^{}/]+)\}'?\)/g, '/{$1}')
    .replace(/(?<=[^/])(?:\.(?:json|xml|\{_?(?:format|ext(?:ension)?)\}))?\/?$/i, '');

const longestPath = 500;
const mostParameters = 60;

/** The operations of a document that contend can send, in its order, and one line for each of the others. */
export const operationsOf = (
  document: OpenApi,
): { readonly operations: readonly Operation[]; readonly others: readonly string[] } => {
  const operations: Operation[] = [];
  const others: string[] = [];
  for (const [path, value] of Object.entries(document.resolve(document.root['paths']))) {
    if (/^x-/i.test(path)) continue;
    const item = document.resolve(value);
    for (const word of Object.keys(nodeOf(item['additionalOperations'])))
      others.push(`${oneLine(word, 20)} ${oneLine(path, 100)}`);
    for (const word of ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']) {
      if (!Object.hasOwn(item, word)) continue;
      const method = methodWords.find((known) => known === word);
      if (method === undefined || !path.startsWith('/') || path.length > longestPath)
        others.push(`${word.toUpperCase()} ${oneLine(path, 100)}`);
      else operations.push(operationOf(document, path, method, item));
    }
  }
  return { operations, others };
};

const operationOf = (document: OpenApi, path: string, method: MethodWord, item: Node): Operation => {
  const node = document.resolve(item[method]);
  const body = node['requestBody'] === undefined ? undefined : document.resolve(node['requestBody']);
  const responses = Object.entries(nodeOf(node['responses']));
  const id = textOf(node['operationId']);
  const security = node['security'] ?? document.root['security'];
  return {
    title: oneLine(`${method.toUpperCase()} ${path}`, 140),
    id,
    method,
    path,
    tags: listOf(node['tags']).filter((tag) => typeof tag === 'string'),
    summary: oneLine(textOf(node['summary']) ?? id ?? '', 100),
    parameters: parametersOf(document, [...listOf(item['parameters']), ...listOf(node['parameters'])]),
    body,
    isBodyRequired: body?.['required'] === true,
    answers: responses
      .filter(([status]) => /^2\d\d$|^2XX$|^default$/i.test(status))
      .sort(([a], [b]) => Number(/^2\d\d$/.test(b)) - Number(/^2\d\d$/.test(a)))
      .map(([status, answer]) => ({
        status: /^\d+$/.test(status) ? Number(status) : undefined,
        node: document.resolve(answer),
      })),
    statuses: responses.map(([status]) => status),
    security: listOf(security),
    isDeprecated: node['deprecated'] === true,
    server: listOf(node['servers'])[0] ?? listOf(item['servers'])[0],
  };
};

const places = ['path', 'query', 'header', 'cookie'] as const;

/** Longer or more would be no real API's. Those of an operation come after its path's, and replace them. */
const parametersOf = (document: OpenApi, given: readonly unknown[]): readonly Parameter[] => {
  const byName = new Map<string, Parameter>();
  for (const value of given) {
    const node = document.resolve(value);
    const name = textOf(node['name']);
    const place = places.find((known) => known === node['in']);
    if (name === undefined || name === '' || name.length > 200 || place === undefined || byName.size >= mostParameters)
      continue;
    const [content] = Object.values(nodeOf(node['content']));
    const schema = node['schema'] ?? nodeOf(content)['schema'];
    byName.set(`${place} ${name}`, {
      name,
      in: place,
      isRequired: place === 'path' || node['required'] === true,
      schema,
      node,
    });
  }
  return [...byName.values()];
};
