import { shortestSecret } from '../core/mask.ts';
import type { DraftSecret } from './draft.ts';
import { isKey, oneLine } from './text.ts';

/** Names of headers, fields and parameters whose values are secret. */
const secretName =
  /passw|passphrase|passcode|pass$|pwd|^pin$|secret|token|api[-_]?key|access[-_]?key|app[-_]?key|^appid$|[-_]key$|private[-_]?key|authorization|(?:^|[-_])auth(?:entication)?$|credential|^(?:set-)?cookie$|session[-_]?(?:id|key)?$|^sid$|signature|^sig$|^code_verifier$|client_assertion|^saml_?response$|^otp$|(?:^|[-_.]|card)(?:cvv|cvc|cvn|csc)2?(?:[-_]?(?:code|number|value))?$|security[-_]?code$|card[-_]?number|xsrf|csrf/i;

/** What sounds like one of them and is not: keys that sort or name, and properties of a token. */
const harmlessName =
  /^(?:x-)?(?:idempotency|sort|order|group|partition|primary|foreign|cache|product|item|project|issue|translation|message|routing|object)[-_]key$|^(?:max|min|num|total|prompt|completion)?[-_]?tokens$|(?:type|kind|ttl|count|limit|length|size|policy|expir[a-z]*|expires?[-_]?(?:in|at))$/i;

/** What looks like a token by itself: a JWT, keys with the prefix of a service, credentials in an address. */
const secretValue =
  /^eyJ[\w-]{8,}\.[\w-]{4,}|^(?:sk|pk|rk|ghp|gho|ghs|ghu|github_pat|glpat|hf|npm|xox[abprs]|AKIA|ASIA)[-_A-Z0-9][\w-]{12,}$|^AIza[\w-]{30,}$|^SG\.[\w-]{10,}\.[\w-]{10,}|^-----BEGIN |^(?:bearer|basic|token)\s+\S{6,}$|^[a-z][a-z\d+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** A secret inside a text with its own structure: JSON in a field, a GraphQL query, an address with a token. */
const secretInside =
  /(?:passw\w*|passphrase|pwd|secret|token|api[-_]?key|credentials?)\\?["']?\s*(?::\s*\\?["'][^"'$\\]|=\s*["']?[^\s"'&$]{3})|\bbearer\s+[\w.~+/-]{8,}|\beyJ[\w-]{8,}\.eyJ/i;

/** An authorization code in `code`; the code of a country or a currency is shorter. */
const grantCode = /^(?=.*\d)(?=.*[a-z])[\w./~+%=-]{12,}$/i;

/** Whether the value under a name, or the value by itself, must stay out of a file. */
export const isSecret = (name: string, value: string): boolean =>
  value !== '' &&
  (isSecretName(name) ||
    secretValue.test(value) ||
    secretInside.test(value) ||
    (name === 'code' && grantCode.test(value)) ||
    (/card|number|^pan$/i.test(name) && isCard(value)));

/** Whether the value under a name is too short to mask: three or four digits, such as a card's. */
export const isShort = (name: string, value: string): boolean =>
  /(?:^|[-_]|card)(?:cvc|cvv|cvn|csc)\d?(?:[-_]?(?:code|number|value))?$|(?:security|verification)[-_]?code$/i.test(
    name.split(/[[\].]+/).findLast((part) => part !== '') ?? '',
  ) ||
  (value !== '' && value.length < shortestSecret);

/** Whether digits are a card number: the last one is a check digit (ISO/IEC 7812). */
const isCard = (text: string): boolean => {
  const digits = text.replaceAll(/[ -]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = Array.from(digits)
    .toReversed()
    .reduce((before, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      return before + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0 && /^[3-6]/.test(digits);
};

/** For `user[password]` and `card.cvv`, the last part is the name. */
const isSecretName = (name: string): boolean =>
  /^key$/i.test(name) ||
  name.split(/[[\].]+/).some((part) => part !== '' && secretName.test(part) && !harmlessName.test(part));

/** What may indicate a secret in a text that is not parsed. */
export const secretWord = /passw|pwd|secret|token|api[-_]?key|credential|session|bearer|\b(?:auth|sid|pin|cvv)\b|eyJ/i;

/** The environment variables that replace values. */
export interface Environment {
  /** The expression for a secret, `env.API_TOKEN`: one per value. */
  secret(name: string, value: string, comment: string, isShort?: boolean): string;
  /** The expression for a variable that the source names. */
  variable(name: string): string;
  /** Whether a value was known to be secret from the beginning. */
  isKnown(value: string): boolean;
  /** A text split at the values known to be secret, each replaced by its expression in a list of its own. */
  piecesOf(text: string): readonly (string | readonly [expression: string])[];
  /** The secret values, each with the name that it was found under. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether there were more than a scenario may declare: the last one stands for all after it. */
  readonly isFull: () => boolean;
  readonly secrets: readonly DraftSecret[];
  readonly env: readonly DraftSecret[];
}

/** Names that a shell, or contend itself, already sets, so reading them would give something else. */
const setAlready =
  /^(?:PWD|OLDPWD|USER|USERNAME|HOME|PATH|SHELL|LOGNAME|HOSTNAME|HOST|LANG|TERM|TMP|TEMP|TMPDIR|EDITOR|CI|UID|SHLVL|DISPLAY|NODE|(?:NODE|NPM|CONTEND|LC)_.*|https?_proxy|no_proxy)$/i;

/** How many a scenario may declare. */
const mostNames = 100;

/** Shorter ones may match by chance. */
const shortestKnown = 6;
/** The same, within a longer text. */
const shortestWithin = 8;

/**
 * The environment of one draft.
 *
 * @param known values that are secret under any name, each with its own name
 */
export const newEnvironment = (known: ReadonlyMap<string, string> = new Map()): Environment => {
  const secrets: DraftSecret[] = [];
  const env: DraftSecret[] = [];
  const byValue = new Map<string, string>();
  const taken = new Set<string>();
  const values = new Map<string, string>();
  const within = [...known.keys()]
    .filter((value) => value.length >= shortestWithin)
    .sort((a, b) => b.length - a.length);
  let isFull = false;
  const declare = (list: DraftSecret[], name: string, comment: string): string => {
    // The last one stands for all after it. The alternative would be a value in the file.
    if (list.length >= mostNames) {
      isFull = true;
      return list.at(-1)!.name;
    }
    taken.add(name);
    list.push({ name, comment: oneLine(comment) });
    return name;
  };
  const secret = (name: string, value: string, comment: string, short = value.length < shortestSecret): string => {
    const before = byValue.get(value);
    if (before !== undefined) return `env.${before}`;
    values.set(value, name);
    const wanted = upperCase(known.get(value) ?? name);
    let free = wanted;
    for (let copy = 2; taken.has(free); copy++) free = `${wanted}_${copy}`;
    // A value this short would be masked wherever it appears by chance, so contend refuses it as a secret.
    const declared = declare(short ? env : secrets, free, comment);
    byValue.set(value, declared);
    return `env.${declared}`;
  };
  return {
    secrets,
    env,
    isFull: () => isFull,
    values,
    isKnown: (value) => value.length >= shortestKnown && known.has(value),
    piecesOf: (text) => {
      let pieces: readonly (string | readonly [string])[] = [text];
      for (const value of within) {
        if (!text.includes(value)) continue;
        pieces = pieces.flatMap((piece) =>
          typeof piece === 'string'
            ? piece
                .split(value)
                .flatMap((part, at) =>
                  at === 0 ? [part] : [[secret('', value, `${known.get(value)!}, as it was recorded`)] as const, part],
                )
            : [piece],
        );
      }
      return pieces.filter((piece) => piece !== '');
    },
    secret,
    variable: (said) => {
      // No expression may reach a prototype, not even through a variable's name.
      const name = isKey(said) ? said : upperCase(said);
      if (taken.has(name)) return `env.${name}`;
      return `env.${declare(isSecret(name, 'x') ? secrets : env, name, 'the command reads it')}`;
    },
  };
};

const upperCase = (text: string): string => {
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').match(/[A-Za-z0-9]+/g) ?? ['SECRET'];
  const name = words.join('_').toUpperCase().slice(0, 40);
  if (setAlready.test(name)) return `API_${name}`;
  return /^[A-Z]/.test(name) ? name : `SECRET_${name}`;
};
