const things = [
  'customers',
  'charges',
  'refunds',
  'invoices',
  'payouts',
  'disputes',
  'products',
  'prices',
  'coupons',
  'plans',
  'subscriptions',
  'quotes',
  'sources',
  'tokens',
  'transfers',
  'topups',
  'accounts',
  'balances',
  'events',
  'files',
  'mandates',
  'orders',
  'reviews',
  'sessions',
  'terminals',
  'webhooks',
  'repositories',
  'issues',
  'pulls',
  'commits',
  'branches',
  'releases',
  'labels',
  'milestones',
  'projects',
  'teams',
  'members',
  'runners',
  'workflows',
  'secrets',
  'packages',
  'gists',
  'hooks',
  'deployments',
  'environments',
] as const;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
const upper = (thing: string): string => thing.charAt(0).toUpperCase() + thing.slice(1);

/**
 * A document of the shape and size of those of payment services and of version control: some 400 operations, schemas that lead
 * to one another in circles, variants with discriminators, several ways in, ETags on one resource.
 */
export const largeApi = () => {
  const paths: { [path: string]: unknown } = {};
  const schemas: { [name: string]: unknown } = {
    Money: {
      type: 'object',
      required: ['amount', 'currency'],
      properties: {
        amount: { type: 'integer', minimum: 50, exclusiveMaximum: 100_000 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      },
    },
    Base: {
      type: 'object',
      required: ['id', 'object'],
      properties: {
        id: { type: 'string', readOnly: true },
        object: { type: 'string', readOnly: true },
        metadata: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    Card: {
      type: 'object',
      required: ['kind', 'last4'],
      properties: {
        kind: { type: 'string' },
        last4: { type: 'string', minLength: 4, maxLength: 4 },
        owner: ref('Owner'),
      },
    },
    BankAccount: {
      type: 'object',
      required: ['kind', 'iban'],
      properties: { kind: { type: 'string' }, iban: { type: 'string', minLength: 15, maxLength: 34 } },
    },
    Method: {
      oneOf: [ref('Card'), ref('BankAccount')],
      discriminator: {
        propertyName: 'kind',
        mapping: { card: '#/components/schemas/Card', bank: '#/components/schemas/BankAccount' },
      },
    },
    Owner: {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 3 },
        parent: ref('Owner'),
        methods: { type: 'array', items: ref('Method') },
      },
    },
  };
  for (const thing of things) {
    const name = upper(thing);
    const isTagged = thing === 'customers';
    schemas[name] = {
      allOf: [
        ref('Base'),
        { type: 'object', properties: { total: ref('Money'), owner: ref('Owner'), [`previous_${thing}`]: ref(name) } },
      ],
    };
    schemas[`${name}Input`] = {
      allOf: [
        ref('Base'),
        {
          type: 'object',
          required: ['description', 'total', 'method'],
          properties: {
            description: { type: 'string', maxLength: 40 },
            total: ref('Money'),
            method: ref('Method'),
            owner: ref('Owner'),
            mode: { anyOf: [{ type: 'string', enum: ['live', 'test'] }, { type: 'null' }] },
            share: { type: 'number', minimum: 0, maximum: 1, multipleOf: 0.25 },
            country: { type: 'string', pattern: '^[A-Z]{2}$' },
          },
        },
      ],
    };
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 64 } };
    const paging = [
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 } },
      { name: 'expand', in: 'query', style: 'deepObject', schema: { type: 'array', items: { type: 'string' } } },
    ];
    const etag = isTagged ? { headers: { ETag: { schema: { type: 'string' } } } } : {};
    const ifMatch = isTagged ? [{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } }] : [];
    const one = { description: 'it', ...etag, ...json(ref(name)) };
    const many = {
      description: 'them',
      ...json({ type: 'object', properties: { data: { type: 'array', items: ref(name) } } }),
    };
    const operation = (verb: string, more: object) => ({
      tags: [thing],
      operationId: `${verb}${name}`,
      summary: `${verb} ${thing}`,
      ...more,
    });
    paths[`/v1/${thing}`] = {
      get: operation('list', { parameters: paging, responses: { '200': many } }),
      post: operation('create', {
        parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }],
        requestBody: { required: true, ...json(ref(`${name}Input`)) },
        responses: { '201': one, '4XX': { description: 'bad' } },
      }),
    };
    paths[`/v1/${thing}/{id}`] = {
      parameters: [id],
      get: operation('retrieve', { responses: { '200': one } }),
      put: operation('replace', {
        parameters: ifMatch,
        requestBody: { required: true, ...json(ref(`${name}Input`)) },
        responses: { '200': { ...one, headers: {} }, '412': { description: 'changed' } },
      }),
      delete: operation('delete', { responses: { '204': { description: 'gone' } } }),
    };
    paths[`/v1/${thing}/{id}/notes`] = {
      parameters: [id],
      get: operation('listNotesOf', { responses: { '200': many } }),
      post: operation('annotate', {
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                required: ['text'],
                properties: { text: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
              },
            },
          },
        },
        responses: { '201': { description: 'made', ...json(ref('Base')) } },
      }),
    };
    paths[`/v1/${thing}/search`] = {
      get: operation('search', {
        parameters: [
          { name: 'query', in: 'query', required: true, schema: { type: 'string', example: 'name:"a & b"' } },
        ],
        responses: { '200': many },
      }),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Payments and repositories', version: '2026-11-01' },
    servers: [{ url: 'https://{region}.payments.example/api', variables: { region: { default: 'eu' } } }],
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'query', name: 'api_key' },
      },
    },
  };
};
