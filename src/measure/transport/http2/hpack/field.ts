/** What a field of an answer's head means to a client. */
export const FieldKind = {
  /** Does not matter by itself. */
  other: 0,
  status: 1,
  length: 2,
  encoding: 3,
  timing: 4,
  /** Not allowed in an answer: a name in capitals, a field of a connection, a control character. */
  wrong: 5,
} as const;

/** One of the kinds. */
export type FieldKind = (typeof FieldKind)[keyof typeof FieldKind];

/** A field as it is in a table; one character per byte. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** How much of a table it takes (RFC 7541, 4.1). */
  readonly size: number;
  readonly kind: FieldKind;
}

const overhead = 32;

/** Makes a field; its kind is determined once, for any number of references. */
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
  // Fields about a connection are not allowed in HTTP/2 (RFC 9113, 8.2.2).
  ['connection', FieldKind.wrong],
  ['keep-alive', FieldKind.wrong],
  ['proxy-connection', FieldKind.wrong],
  ['transfer-encoding', FieldKind.wrong],
  ['upgrade', FieldKind.wrong],
]);

/** What makes an answer malformed (RFC 9113, 8.2.1), and every pseudo field except the status. */
const kindOf = (name: string, value: string): FieldKind => {
  const kind = kinds.get(name);
  if (kind === FieldKind.wrong || !validValue.test(value)) return FieldKind.wrong;
  return kind ?? (validName.test(name) ? FieldKind.other : FieldKind.wrong);
};

const validName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/u;
const validValue = /^[^\0\r\n]*$/u;
