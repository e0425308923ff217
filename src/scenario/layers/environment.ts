import { shortestSecret } from '../../core/mask.ts';
import { atKey, type Complaint } from '../text/locate.ts';
import { isVariableName } from '../schema/environment.ts';
import { didYouMean } from '../text/suggest.ts';
import { checkMembers } from '../names/templates.ts';
import { entriesOf, find, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** Where the values of `${env.NAME}` come from. */
export interface EnvironmentInput {
  readonly variables: { readonly [name: string]: string | undefined };
  /** From `-e NAME=VALUE`: these win. */
  readonly flags: { readonly [name: string]: string };
}

/** What a scenario declares from the environment, with its values. */
export interface Environment {
  /** The values of the declared names that have one. */
  readonly values: ReadonlyMap<string, string>;
  /** The values to mask. */
  readonly secrets: readonly string[];
  readonly complaints: readonly Complaint[];
}

interface Declared {
  readonly place: Pick<Complaint, 'mark' | 'path'>;
  readonly fallback?: string | undefined;
  readonly isSecret: boolean;
}

/**
 * Reads `env:` and `secrets:`, and gives every declared name its value: from a flag, otherwise from the environment, otherwise its
 * default.
 *
 * @param input absent if nothing will be sent: then no value is required
 */
export const environmentOf = (scenario: Branch, input: EnvironmentInput | undefined): Environment => {
  const declared = declaredIn(scenario);
  const values = new Map<string, string>();
  const complaints: Complaint[] = [];
  for (const [name, { place, fallback, isSecret }] of declared) {
    if (!isVariableName(name)) continue;
    const isFlag = input !== undefined && Object.hasOwn(input.flags, name);
    const value = isFlag ? input.flags[name] : (valueOf(input, name) ?? fallback);
    const where = isFlag ? { mark: '-e', path: place.path } : place;
    if (value !== undefined) values.set(name, value);
    complaints.push(...checkValue(name, value, isSecret, input === undefined).map((said) => ({ ...where, ...said })));
  }
  const undeclared = Object.keys(input?.flags ?? {}).filter((name) => !declared.has(name));
  for (const name of undeclared) {
    const hint = didYouMean(name, declared.keys()) ?? `declare it: env: [${isVariableName(name) ? name : 'NAME'}]`;
    complaints.push({ mark: '-e', path: 'env', message: `the scenario declares no ${quoted(name)}`, hint });
  }
  const secrets = [...values].filter(([name]) => declared.get(name)!.isSecret).map(([, value]) => value);
  return { values, secrets, complaints: [...checkNames(scenario), ...complaints, ...checkUses(scenario, declared)] };
};

/** An empty variable counts as not set, as everywhere on a command line. */
const valueOf = (input: EnvironmentInput | undefined, name: string): string | undefined =>
  input !== undefined && Object.hasOwn(input.variables, name) ? input.variables[name] || undefined : undefined;

const declaredIn = (scenario: Branch): ReadonlyMap<string, Declared> => {
  const declared = new Map<string, Declared>();
  const env = find(scenario, 'env');
  for (const item of itemsOf(env)) declare(declared, item, { place: item, isSecret: false });
  for (const [name, { key, value }] of entriesOf(env)) {
    const fallback = value.kind === 'leaf' && value.value !== null ? String(value.value) : undefined;
    declared.set(name, { place: { mark: key, path: value.path }, fallback, isSecret: false });
  }
  for (const item of itemsOf(find(scenario, 'secrets'))) {
    declare(declared, item, { place: item, ...declared.get(textOf(item) ?? ''), isSecret: true });
  }
  return declared;
};

const declare = (declared: Map<string, Declared>, item: Tree, as: Declared): void => {
  const name = textOf(item);
  if (name !== undefined) declared.set(name, as);
};

/** Names that are keys. Those in lists are checked by the schema. */
const checkNames = (scenario: Branch): readonly Complaint[] =>
  entriesOf(find(scenario, 'env'))
    .filter(([name]) => !isVariableName(name))
    .map(([name, entry]) =>
      atKey(
        entry,
        `${quoted(name)} cannot name a variable of the environment`,
        'a letter or "_", then letters, digits and "_"',
      ),
    );

const checkValue = (
  name: string,
  value: string | undefined,
  isSecret: boolean,
  mayLack: boolean,
): readonly Pick<Complaint, 'message' | 'hint'>[] => {
  if (value === undefined) {
    const hint = `set it in the environment, or say -e ${name}=…${isSecret ? '' : `; a default: env: { ${name}: … }`}`;
    return mayLack ? [] : [{ message: `${quoted(name)} has no value`, hint }];
  }
  if (/\p{Cc}/u.test(value)) {
    const hint = 'a line break at its end is cut off by NAME="$(cat file)"';
    return [{ message: `the value of ${quoted(name)} has a line break or another control character`, hint }];
  }
  if (!isSecret || value.length >= shortestSecret) return [];
  const message = `the value of ${quoted(name)} is too short to be kept secret: it would be found in any text`;
  return [{ message, hint: `at least ${shortestSecret} characters; what is not secret belongs in "env" only` }];
};

/** Checks every `${env.NAME}` of the file: only declared names are allowed. */
const checkUses = (tree: Tree, declared: ReadonlyMap<string, Declared>): readonly Complaint[] => {
  if (tree.kind === 'leaf') {
    if (typeof tree.value !== 'string' || !tree.value.includes('${')) return [];
    return checkMembers(tree, 'env', [...declared.keys()], 'NAME', (name) => `declare it at the top: env: [${name}]`);
  }
  const inner = tree.kind === 'list' ? tree.items : [...tree.entries.values()].map(({ value }) => value);
  return inner.flatMap((value) => checkUses(value, declared));
};
