/** What a field of an answer's head is to a client. */
export const FieldKind = {
  /** Nothing that matters by itself. */
  other: 0,
  status: 1,
  length: 2,
  encoding: 3,
  timing: 4,
  /** No answer may have it: a name in capitals, a field of a connection, a control character. */
  wrong: 5,
} as const;

/** One of them. */
export type FieldKind = (typeof FieldKind)[keyof typeof FieldKind];

/** A field as it stands in a table; of each byte a character. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** What it takes of a table (RFC 7541, 4.1). */
  readonly size: number;
  readonly kind: FieldKind;
}

const overhead = 32;

/** Makes a field; what it is to a client is found out once, however often it is then referred to. */
export const fieldOf = (name: string, value: string): Field => ({
  name,
  value,
  size: name.length + value.length + overhead,
  kind: kindOf(name, value),
});

const kinds: ReadonlyMap<string, FieldKind> = new Map([
  [':status', FieldKind.status],
  ['content-length', FieldKind.length],
  ['content-encoding', FieldKind.encoding],
  ['server-timing', FieldKind.timing],
  // What is about a connection has no place in HTTP/2 (RFC 9113, 8.2.2).
  ['connection', FieldKind.wrong],
  ['keep-alive', FieldKind.wrong],
  ['proxy-connection', FieldKind.wrong],
  ['transfer-encoding', FieldKind.wrong],
  ['upgrade', FieldKind.wrong],
]);

/** RFC 9113, 8.2.1: what makes an answer malformed; every pseudo field but the status, too. */
const kindOf = (name: string, value: string): FieldKind => {
  const kind = kinds.get(name);
  if (kind === FieldKind.wrong || !validValue.test(value)) return FieldKind.wrong;
  return kind ?? (validName.test(name) ? FieldKind.other : FieldKind.wrong);
};

const validName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/u;
const validValue = /^[^\0\r\n]*$/u;
