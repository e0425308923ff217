/** `1 change`, `2 changes`; the plural is the noun and `s` unless it is given. */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${grouped(count)} ${count === 1 ? noun : nouns}`;

/** An amount with thousands separators and all its digits. */
export const grouped = (amount: number): string =>
  Number.isSafeInteger(amount) ? amount.toLocaleString('en-US') : String(amount);

/** The letter by which a reason refers to the operation at this place of a contradiction. */
export const letter = (place: number): string => String.fromCharCode(65 + place);

/** Two bounds as one text: `3 to 5`, or `3` if they are equal. */
export const range = ([least, most]: readonly [number, number]): string =>
  least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`;
