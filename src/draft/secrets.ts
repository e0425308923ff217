import { shortestSecret } from '../core/mask.ts';
import type { DraftSecret } from './draft.ts';
import { oneLine } from './text.ts';

/** Names of headers, fields and parameters whose values are nobody else's business. */
const secretName =
  /pass(?:word|wd|phrase|code)?$|^pwd$|^pin$|secret|token|api[-_]?key|access[-_]?key|^key$|private[-_]?key|authorization|credential|^(?:set-)?cookie$|session[-_]?(?:id|key)?$|^sid$|signature|^sig$|^code_verifier$|^client_assertion$|^otp$|^cvv$|^cvc$|card[-_]?number|xsrf|csrf/i;

/** What looks like a token by itself: a JWT, or the keys of services that begin with a mark of their own. */
const secretValue =
  /^eyJ[\w-]{8,}\.[\w-]{4,}|^(?:sk|pk|rk|ghp|gho|ghs|ghu|glpat|xox[abprs]|AKIA|ASIA)[-_A-Z0-9][\w-]{12,}$|^-----BEGIN /;

/** Whether the value under a name, or the value by itself, is to be kept out of a file. */
export const isSecret = (name: string, value: string): boolean =>
  value !== '' && (secretName.test(name) || secretValue.test(value));

/** The variables of the environment that stand in place of values. */
export interface Environment {
  /** The expression that stands for a secret, `env.API_TOKEN`: one for each value. */
  secret(name: string, value: string, comment: string): string;
  /** The expression for a variable that the source names itself. */
  variable(name: string): string;
  /** Whether a value was known to be secret from the beginning. */
  isKnown(value: string): boolean;
  /** The values that stand for secrets, each with the name that it was found under. */
  readonly values: ReadonlyMap<string, string>;
  readonly secrets: readonly DraftSecret[];
  readonly env: readonly DraftSecret[];
}

/** As many as a scenario may declare. */
const mostNames = 100;

/** Shorter ones are met by chance. */
const shortestKnown = 6;

/**
 * The environment of one draft.
 *
 * @param known values that are secret whatever name they are under, each with its own
 */
export const newEnvironment = (known: ReadonlyMap<string, string> = new Map()): Environment => {
  const secrets: DraftSecret[] = [];
  const env: DraftSecret[] = [];
  const byValue = new Map<string, string>();
  const taken = new Set<string>();
  const values = new Map<string, string>();
  const declare = (list: DraftSecret[], name: string, comment: string): string => {
    // The last one stands for all that come after it, rather than a value in the file.
    if (list.length >= mostNames) return list.at(-1)!.name;
    taken.add(name);
    list.push({ name, comment: oneLine(comment) });
    return name;
  };
  return {
    secrets,
    env,
    values,
    isKnown: (value) => value.length >= shortestKnown && known.has(value),
    secret: (name, value, comment) => {
      const before = byValue.get(value);
      if (before !== undefined) return `env.${before}`;
      values.set(value, name);
      const wanted = upperCase(known.get(value) ?? name);
      let free = wanted;
      for (let copy = 2; taken.has(free); copy++) free = `${wanted}_${copy}`;
      // So short a value would be masked wherever it is met by chance: contend refuses it as a secret.
      const declared = declare(value.length < shortestSecret ? env : secrets, free, comment);
      byValue.set(value, declared);
      return `env.${declared}`;
    },
    variable: (name) => {
      if (taken.has(name)) return `env.${name}`;
      return `env.${declare(isSecret(name, 'x') ? secrets : env, name, 'the command reads it')}`;
    },
  };
};

const upperCase = (text: string): string => {
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').match(/[A-Za-z0-9]+/g) ?? ['SECRET'];
  const name = words.join('_').toUpperCase().slice(0, 40);
  return /^[A-Z]/.test(name) ? name : `SECRET_${name}`;
};
