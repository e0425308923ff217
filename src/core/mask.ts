/** Masks secrets in a text. */
export type Mask = (text: string) => string;

/** Replacement for a secret. */
const maskText = '***';

/** Anything shorter would be found in any text, so it is not masked. */
export const shortestSecret = 4;

/** This many consecutive characters of a secret give it away, wherever a text was cut. */
const pieceLength = 8;

/** What so long a list of secrets holds beyond that is masked only where it is whole. */
const mostPieces = 200_000;

/**
 * Gives what masks these secrets: as they are, percent-encoded, as a form sends them, escaped as in JSON, and in base64, also
 * where they are a part of what was encoded, as a password is of `user:password`; and every piece of eight characters of one,
 * since texts are cut.
 *
 * @param replacement for what was found; {@link maskText} if not given
 * @cost grows with the text, whatever the secrets; nothing where there is none
 */
export const masking = (secrets: readonly string[], replacement = (_found: string): string => maskText): Mask => {
  const forms = new Set(secrets.filter(({ length }) => length >= shortestSecret).flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // The longest first: one secret may be a part of another.
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  const whole = new RegExp(longestFirst.map(escaped).join('|'), 'gi');
  const pieces = piecesOf(longestFirst);
  return (text) => withoutPieces(text.replace(whole, replacement), pieces, replacement);
};

const piecesOf = (forms: readonly string[]): ReadonlySet<string> => {
  const pieces = new Set<string>();
  for (const form of forms) {
    const folded = form.toLowerCase();
    for (let at = 0; at + pieceLength <= folded.length && pieces.size < mostPieces; at++)
      pieces.add(folded.slice(at, at + pieceLength));
  }
  return pieces;
};

const withoutPieces = (text: string, pieces: ReadonlySet<string>, replacement: (found: string) => string): string => {
  const folded = text.toLowerCase();
  // Letters of which a capital has another length are in no credential, and would move what follows them.
  if (pieces.size === 0 || folded.length !== text.length) return text;
  let masked = '';
  let done = 0;
  for (let at = 0; at + pieceLength <= folded.length; at++) {
    if (!pieces.has(folded.slice(at, at + pieceLength))) continue;
    let end = at + pieceLength;
    while (pieces.has(folded.slice(end - pieceLength + 1, end + 1))) end++;
    masked += text.slice(done, at) + replacement(text.slice(at, end));
    done = end;
    at = end - 1;
  }
  return masked + text.slice(done);
};

/** A JSON value with every text in it masked, except the words of the document's own vocabulary. */
export const masked = <T>(value: T, mask: Mask): T => maskedIn(value, '', mask) as T;

/** Keys whose texts come from contend alone; a histogram is base64, in which anything short is met by chance. */
const ownVocabulary = new Set([
  'schemaVersion',
  'startedAt',
  'version',
  'histogram',
  'is',
  'headline',
  'verdict',
  'code',
  'rule',
  'model',
  'metric',
  'unit',
  'lock',
  'violations',
  'pacing',
  'transport',
  'arrival',
]);

const maskedIn = (value: unknown, key: string, mask: Mask): unknown => {
  if (typeof value === 'string') return ownVocabulary.has(key) ? value : mask(value);
  if (Array.isArray(value)) return value.map((item) => maskedIn(item, key, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    // The keys of this one are names of steps.
    Object.entries(value).map(([name, inner]) => [key === 'steps' ? mask(name) : name, maskedIn(inner, name, mask)]),
  );
};

const formsOf = (secret: string): readonly string[] => {
  const percent = percentEncoded(secret);
  return [secret, percent, percent.replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1), ...base64Of(secret)];
};

/** Half a surrogate pair has no bytes to be encoded. */
const percentEncoded = (text: string): string => encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));

/**
 * A secret inside a longer text that was encoded begins at one of three places of a group of three bytes; characters that
 * hold bits of its neighbours, too, are left out.
 */
const base64Of = (secret: string): readonly string[] => {
  const bytes = new TextEncoder().encode(secret);
  const parts = [0, 1, 2].map((shift) => {
    const text = btoa(String.fromCharCode(...new Uint8Array(shift), ...bytes));
    const from = Math.ceil((shift * 8) / 6);
    return text.slice(from, Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return parts
    .filter(({ length }) => length >= shortestSecret)
    .flatMap((part) => [part, part.replaceAll('+', '-').replaceAll('/', '_')]);
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
