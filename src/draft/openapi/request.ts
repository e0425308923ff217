import type { Json } from '../../core/json.ts';
import type { DraftRequest } from '../draft.ts';
import type { Names } from '../names.ts';
import { nameOf } from '../recorded/request.ts';
import { isSecret } from '../secrets.ts';
import { oneLine, pathText, plain } from '../text.ts';
import { makeBody } from './body.ts';
import { nodeOf } from './document.ts';
import { hasEtag, successOf } from './feeds.ts';
import type { Operation, Parameter } from './operations.ts';
import { sampleOf, type Sampling } from './sample.ts';
import { flat, typeOf } from './schema.ts';
import { credentialsOf, isHeader, type Credentials } from './security.ts';
import { fieldOf, queryOf, schemaOf, type Variables } from './values.ts';

/** What is needed to make a request. */
export interface Making {
  readonly sampling: Sampling;
  readonly variables: Variables;
  readonly names: Names;
  /** The expression for a parameter of the path. */
  readonly inPath: (parameter: string) => string;
  /** The variable with the ETag that a write sends back. `undefined` if no earlier answer has one. */
  readonly etag: string | undefined;
}

/** An operation as a request. Captures from its answer are added later. */
export const requestOf = (operation: Operation, making: Making): Omit<DraftRequest, 'capture'> => {
  const { method, path, parameters, summary, security, title } = operation;
  const { sampling, variables, names } = making;
  const { document, environment, notes } = sampling;
  const way = credentialsOf(document, security, environment, notes);
  const { query, left } = queryOf(
    parameters.filter((one) => one.in === 'query'),
    variables,
    sampling,
  );
  const template = pathOf(path, making.inPath);
  const { body, type } = makeBody(operation, sampling);
  const headers = headersOf(operation, way, making);
  const isMatched = parameters.find(isIfMatch);
  const without = [...left, ...parameters.filter((one) => isLeft(one, headers)).map(({ name }) => name)];
  const said = [summary, ...(without.length === 0 ? [] : [`without ${without.join(', ')}`])].filter(
    (part) => part !== '',
  );
  return {
    name: names.step(nameOf(method, template)),
    comment: oneLine(said.join('; ') || title, 200),
    method,
    path: template,
    query: { ...query, ...way.query },
    headers:
      type === undefined || headers['content-type'] !== undefined ? headers : { ...headers, 'content-type': type },
    auth: way.auth ?? 'none',
    ...(body === undefined ? {} : { body }),
    redirects: 0,
    status: successOf(operation),
    ...membersOf(operation, sampling),
    etag: { isRead: hasEtag(operation), isNeeded: isMatched?.isRequired === true },
  };
};

const membersOf = ({ answers }: Operation, { document }: Sampling): Pick<DraftRequest, 'answer'> => {
  const [json] = answers.flatMap(({ node }) =>
    Object.entries(nodeOf(node['content'])).filter(([type]) => /json/i.test(type)),
  );
  if (json === undefined) return {};
  const properties = Object.entries(nodeOf(flat(document, nodeOf(json[1])['schema']).node['properties']));
  const typed = properties.slice(0, 200).map(([key, value]) => [key, typeOf(flat(document, value).node)] as const);
  const values = typed.filter(([, type]) => type !== 'object' && type !== 'array').map(([key]) => key);
  return { answer: { values, numbers: typed.filter(([, type]) => type === 'integer').map(([key]) => key) } };
};

/** Whether a parameter is the header that a write sends an ETag back in. */
export const isIfMatch = ({ in: place, name }: Parameter): boolean => place === 'header' && /^if-match$/i.test(name);

/** `/pets/{petId}` with an expression in place of each parameter. */
const pathOf = (path: string, inPath: Making['inPath']): string =>
  path
    .split(/(\{[^{}/]+\})/)
    .map((piece) =>
      /^\{[^{}/]+\}$/.test(piece) ? expressionOf(inPath(piece.slice(1, -1))) : pathText(dollarsAside(piece)),
    )
    .join('');

/** A quoted text goes into the path literally. */
const expressionOf = (expression: string): string =>
  expression.startsWith('"') ? pathText(plain(JSON.parse(expression) as string)) : `\${${expression}}`;

/** A dollar right before a parameter would escape it. */
const dollarsAside = (text: string): string => plain(text).replace(/\$$/, '%24');

const ownHeaders = /^(?:accept|content-type|authorization|cookie|host|content-length|if-none-match)$/i;

/** An optional header or cookie that was left out. */
const isLeft = ({ in: place, name, isRequired }: Parameter, headers: DraftRequest['headers']): boolean =>
  !isRequired &&
  (place === 'cookie' || (place === 'header' && !ownHeaders.test(name) && headers[name.toLowerCase()] === undefined));

const headersOf = (
  { parameters, title }: Operation,
  way: Credentials,
  making: Making,
): { readonly [name: string]: string } => {
  const headers: { [name: string]: string } = { ...way.headers };
  const cookies = [...way.cookies];
  for (const parameter of parameters) {
    const { name, isRequired } = parameter;
    const lower = name.toLowerCase();
    if (parameter.in === 'cookie' && isRequired && isHeader(name))
      cookies.push(`${name}=${valueOf(parameter, making)}`);
    if (parameter.in !== 'header') continue;
    if (isIfMatch(parameter)) {
      if (making.etag !== undefined) headers[lower] = `\${${making.etag}}`;
      else if (isRequired) headers[lower] = '*';
    } else if (/^idempotency-key$|^x-request-id$/i.test(name))
      headers[lower] = `\${${making.variables.of(name, 'uuid', 'another one in each iteration')}}`;
    else if (!isRequired || ownHeaders.test(name)) continue;
    else if (isHeader(name)) headers[lower] = valueOf(parameter, making);
    else making.sampling.notes.left(`the header ${oneLine(name, 40)} of ${title}`);
  }
  return cookies.length === 0 ? headers : { ...headers, cookie: cookies.join('; ') };
};

const valueOf = (parameter: Parameter, { sampling }: Making): string => {
  const { name } = parameter;
  if (isSecret(name, 'x')) return `\${${sampling.environment.secret(name, `${name} of the document`, name)}}`;
  const value: Json = sampleOf(schemaOf(parameter, sampling), name, sampling);
  const text = fieldOf(value);
  return /[^\t\x20-\x7e]/.test(text) ? 'sample' : text;
};
