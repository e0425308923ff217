import { listOf, nodeOf, textOf, type Node, type OpenApi } from './document.ts';

/**
 * Converts a Swagger 2.0 document to OpenAPI 3: its operations, servers and security schemes. Schemas stay where they are, because
 * references point there.
 */
export const upgraded = (document: OpenApi): Node => {
  const { root, resolve } = document;
  const paths = Object.entries(resolve(root['paths'])).map(([path, value]): [string, unknown] => [
    path,
    itemOf(resolve(value), document),
  ]);
  return {
    openapi: '3.0.3',
    info: root['info'],
    servers: serversOf(root),
    ...(root['security'] === undefined ? {} : { security: root['security'] }),
    components: { schemas: root['definitions'], securitySchemes: schemesOf(nodeOf(root['securityDefinitions'])) },
    paths: Object.fromEntries(paths),
  };
};

/** The safest scheme first. */
const serversOf = (root: Node): readonly Node[] => {
  const [host, base] = [textOf(root['host']), textOf(root['basePath']) ?? ''];
  if (host === undefined) return base === '' ? [] : [{ url: base }];
  const schemes = listOf(root['schemes']);
  return [{ url: `${schemes.length === 0 || schemes.includes('https') ? 'https' : 'http'}://${host}${base}` }];
};

const schemesOf = (definitions: Node): Node =>
  Object.fromEntries(
    Object.entries(definitions).map(([name, value]) => {
      const scheme = nodeOf(value);
      return [name, scheme['type'] === 'basic' ? { ...scheme, type: 'http', scheme: 'basic' } : scheme];
    }),
  );

const words = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

const itemOf = (item: Node, document: OpenApi): Node => {
  const shared = listOf(item['parameters']).map(document.resolve);
  return Object.fromEntries(
    Object.entries(item)
      .filter(([key]) => key !== 'parameters')
      .map(([key, value]) => [key, words.includes(key) ? operationOf(nodeOf(value), shared, document) : value]),
  );
};

const operationOf = (operation: Node, shared: readonly Node[], { root, resolve }: OpenApi): Node => {
  const { consumes, produces, parameters: given, responses, ...others } = operation;
  const own = listOf(given).map(resolve);
  const isOwn = ({ name, in: place }: Node): boolean => own.some((one) => one['name'] === name && one['in'] === place);
  const parameters = [...shared.filter((one) => !isOwn(one)), ...own];
  const [takes, gives] = [typesIn(consumes ?? root['consumes']), typesIn(produces ?? root['produces'])];
  const body = bodyOf(parameters, takes);
  return {
    ...others,
    parameters: parameters.filter(({ in: place }) => place !== 'body' && place !== 'formData').map(parameterOf),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: Object.fromEntries(
      Object.entries(nodeOf(responses)).map(([status, value]) => [status, answerOf(resolve(value), gives)]),
    ),
  };
};

const typesIn = (given: unknown): readonly string[] => listOf(given).filter((one) => typeof one === 'string');

const bodyOf = (parameters: readonly Node[], types: readonly string[]): Node | undefined => {
  const whole = parameters.find(({ in: place }) => place === 'body');
  if (whole !== undefined) {
    const example = Object.values(nodeOf(whole['x-examples']))[0];
    const media = { schema: whole['schema'], ...(example === undefined ? {} : { example }) };
    const content = (types.length === 0 ? ['application/json'] : types).map((type) => [type, media] as const);
    return { required: whole['required'] === true, content: Object.fromEntries(content) };
  }
  const fields = parameters.filter(({ in: place }) => place === 'formData');
  if (fields.length === 0) return undefined;
  const isMultipart =
    fields.some(({ type }) => type === 'file') ||
    (types.some((type) => /^multipart\//i.test(type)) && !types.some((type) => /urlencoded/i.test(type)));
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map((one) => [String(one['name']), schemaOf(one)])),
    required: fields.filter((one) => one['required'] === true).map(({ name }) => name),
  };
  const encoding = Object.fromEntries(
    fields.filter(({ type }) => type === 'array').map((one) => [String(one['name']), styleOf(one)]),
  );
  const type = isMultipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  return {
    required: fields.some((one) => one['required'] === true),
    content: { [type]: { schema, ...(isMultipart ? {} : { encoding }) } },
  };
};

const parameterOf = (parameter: Node): Node => {
  const { name, in: place, required, description, deprecated } = parameter;
  const example = parameter['x-example'];
  return {
    name,
    in: place,
    required,
    description,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(example === undefined ? {} : { example }),
    schema: schemaOf(parameter),
    ...(parameter['type'] === 'array' && place === 'query' ? styleOf(parameter) : {}),
  };
};

/** The schema in a parameter itself. */
const schemaOf = ({ name: _name, in: _place, required: _required, ...schema }: Node): Node =>
  schema['type'] === 'file' ? { ...schema, type: 'string', format: 'binary' } : schema;

const styles: { readonly [format: string]: { readonly style: string; readonly explode: boolean } } = {
  multi: { style: 'form', explode: true },
  ssv: { style: 'spaceDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
};

const styleOf = ({ collectionFormat }: Node): Node =>
  styles[textOf(collectionFormat) ?? 'csv'] ?? { style: 'form', explode: false };

const answerOf = (answer: Node, types: readonly string[]): Node => {
  const { schema, examples, ...others } = answer;
  if (schema === undefined) return others;
  const content = (types.length === 0 ? ['application/json'] : types).map((type) => {
    const example = nodeOf(examples)[type];
    return [type, { schema, ...(example === undefined ? {} : { example }) }] as const;
  });
  return { ...others, content: Object.fromEntries(content) };
};
