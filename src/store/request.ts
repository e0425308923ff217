import type { IncomingMessage } from 'node:http';
import { messageOf } from '../core/errors.ts';
import type { Assortment, Change, Submission } from './store.ts';

/** A request that cannot be answered as it is. The message says what to send instead. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

const largestBodyBytes = 1024 * 1024;

/** The whole body as text. Throws a {@link RequestError} (413) beyond 1 MiB; never settles if the client goes away. */
export const bodyOf = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // The excess is still read, and thrown away: a client that is busy sending would never see the answer.
      if (bytes > largestBodyBytes) chunks = [];
      else chunks.push(chunk);
    });
    request.on('end', () => {
      if (bytes > largestBodyBytes) reject(new RequestError(413, 'the body is larger than 1 MiB'));
      else resolve(chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString());
    });
  });

type Fields = { readonly [name: string]: unknown };

const fieldsIn = (text: string): Fields => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, `the body must be JSON: ${messageOf(error)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new RequestError(400, 'the body must be a JSON object');
};

const wholeNumber = (
  fields: Fields,
  name: string,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): number => {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = least === Number.MIN_SAFE_INTEGER ? '' : `, ${least} … ${most}`;
  throw new RequestError(400, `"${name}" must be a whole number${range}`);
};

const stringIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new RequestError(400, `"${name}" must be a string`);
};

/** How many rows of a kind a reset can ask for: about 100 MB of products. */
const mostRows = 1_000_000;

/** Small enough that a million of them still add up exactly. */
const mostBalance = 1_000_000_000;

/** The body of `POST /reset`. Throws a {@link RequestError}. */
export const parseReset = (text: string): Assortment => {
  const fields = fieldsIn(text);
  const { seats, accounts, balance } = fields;
  return {
    products: wholeNumber(fields, 'products', 0, mostRows),
    stock: wholeNumber(fields, 'stock'),
    ...(seats === undefined ? {} : { seats: wholeNumber(fields, 'seats', 0, mostRows) }),
    ...(accounts === undefined ? {} : { accounts: wholeNumber(fields, 'accounts', 0, mostRows) }),
    ...(balance === undefined ? {} : { balance: wholeNumber(fields, 'balance', 0, mostBalance) }),
  };
};

/** The body of `POST /products`. Throws a {@link RequestError}. */
export const parseSubmission = (text: string): Submission => {
  const fields = fieldsIn(text);
  return { name: stringIn(fields, 'name'), stock: wholeNumber(fields, 'stock') };
};

/** The body of `PUT /products/:id`. Throws a {@link RequestError}. */
export const parseChange = (text: string): Change => {
  const fields = fieldsIn(text);
  const stock = wholeNumber(fields, 'stock');
  return fields['name'] === undefined ? { stock } : { stock, name: stringIn(fields, 'name') };
};

/** The body of `POST /products/:id/purchases`: the quantity. Throws a {@link RequestError}. */
export const parseQuantity = (text: string): number => wholeNumber(fieldsIn(text), 'quantity', 1);

/** The body of a booking: the customer. Throws a {@link RequestError}. */
export const parseCustomer = (text: string): number => wholeNumber(fieldsIn(text), 'customer', 1);

/** The body of `POST /transfers`. Throws a {@link RequestError}. */
export const parseTransfer = (
  text: string,
): { readonly from: number; readonly to: number; readonly amount: number } => {
  const fields = fieldsIn(text);
  const [from, to, amount] = [
    wholeNumber(fields, 'from', 1),
    wholeNumber(fields, 'to', 1),
    wholeNumber(fields, 'amount', 1),
  ];
  if (from === to) throw new RequestError(400, '"from" and "to" must be two accounts');
  return { from, to, amount };
};

/** The strategy that a request asks for; by default the first. Throws a {@link RequestError}. */
export const parseStrategy = (header: string | undefined, known: readonly string[]): string => {
  if (header === undefined) return known[0]!;
  if (known.includes(header)) return header;
  const others = known.length > 2 ? '' : '; the others take a database: contend store --postgres';
  throw new RequestError(400, `contend-strategy "${header}" is none of ${known.join(', ')}${others}`);
};

/** A version that no product has. */
const noVersion = 0;

/**
 * The version that an `If-Match` asks for. `undefined`: any will do; 0: none can match.
 *
 * Weak ETags never match, and neither does one that this store did not give. Throws a {@link RequestError} for anything but a
 * single ETag: if a version without its quotes were answered with 412, it would look like a conflict, again and again.
 */
export const parseIfMatch = (header: string | undefined): number | undefined => {
  if (header === undefined || header === '*') return undefined;
  const etag = /^(W\/)?"([^"]*)"$/.exec(header);
  if (etag === null) throw new RequestError(400, 'If-Match must be * or one ETag in double quotes, as in "7"');
  return etag[1] === undefined && /^[1-9]\d{0,14}$/.test(etag[2]!) ? Number(etag[2]) : noVersion;
};
