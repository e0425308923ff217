import type { Serve, Words } from '../core/plan/serve.ts';
import { compileText } from '../template/compile.ts';
import { parseTemplate } from '../template/parse.ts';

/** What the texts of a process may name. */
export interface Given {
  readonly port: number | string;
  readonly folder: string;
}

/** A command as it is started. */
export const filledWords = (words: Words, given: Given): Words => {
  const [program, ...others] = words.map((word) => filled(word, given));
  return [program!, ...others];
};

/** The environment of a process: contend's without contend's own variables, plus those of the process. */
export const environmentOf = (
  { env }: Serve,
  inherited: { readonly [name: string]: string | undefined },
  given: Given,
): { readonly [name: string]: string } => {
  const all = new Map(
    Object.entries(inherited).flatMap(([name, value]) =>
      value === undefined || name.startsWith('CONTEND_') ? [] : [[name, value] as const],
    ),
  );
  for (const [name, value] of env) {
    if (value === null) all.delete(name);
    else all.set(name, filled(value, given));
  }
  return Object.fromEntries(all);
};

const filled = (text: string, given: Given): string => {
  const compiled = compileText<Given>(parseTemplate(text), (name) => (scope) => scope[name as keyof Given]);
  return typeof compiled === 'string' ? compiled : compiled(given);
};

/** A command as typed in a shell, its templates left as they are. */
export const shownWords = (words: Words): string =>
  filledWords(words, { port: '${port}', folder: '${folder}' })
    .map((word) => (/^[\w@%+=:,./${}-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
