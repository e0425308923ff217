import type { FinalRead, Observation, Observed, Plan, Promises, RequestStep } from '../../core/plan/plan.ts';
import { invariantName } from '../../core/plan/plan.ts';
import {
  modelSections,
  type FieldSyntax,
  type ModelSections,
  type PromiseSyntax,
  readWords,
} from '../../judge/consistency/syntax.ts';
import type { Micros } from '../../core/units.ts';
import type { ModelOutput, OperationOutput, ReadOutput } from '../schema/consistency.ts';

/** The models that a scenario names, each with its section. */
export type Sections = { readonly [model: string]: ModelOutput | undefined };

/** The key of a model that judges a single thing. */
const wholeKey = 'all';

/** The models that a scenario names, in this program's order. */
const modelsIn = (sections: Sections | undefined): readonly string[] =>
  Object.keys(modelSections).filter((model) => sections?.[model] !== undefined);

/** Everything that a scenario wants to know about its data: the models, and the invariant. */
export const judgedIn = (sections: Sections | undefined): readonly string[] => [
  ...modelsIn(sections),
  ...(sections?.[invariantName] === undefined ? [] : [invariantName]),
];

/** The sections as observations, which the engine knows. */
export const observationsOf = (sections: Sections | undefined): readonly Observation[] =>
  modelsIn(sections).flatMap((model) => {
    const section = sections![model]!;
    const syntax: ModelSections = modelSections[model as keyof typeof modelSections];
    const settleUs = settleUsOf(sections);
    return Object.entries(syntax.operations).flatMap(([word, operation]) =>
      asList(section[word] as OperationOutput | readonly OperationOutput[] | undefined).map((said): Observation => {
        const isJustified = said['refusals'] === 'justified';
        const usuallyRefused = isJustified ? operation.justifies?.refusedBy : operation.usuallyRefused;
        return {
          model,
          // One of the two is set: anything without either was refused.
          step: said.step ?? said.steps!.at(-1)!,
          ...(said.steps !== undefined && { steps: said.steps }),
          operation: operation.f,
          key: (syntax.key.isOfReads ? undefined : section.key) ?? wholeKey,
          ...columnsOf({ ...operation.fields, ...syntax.common }, { ...commonOf(section, syntax), ...said }),
          spansSection: operation.spansSection,
          ...(said.done === undefined ? {} : { done: said.done }),
          ...(said.refused === undefined ? {} : { refused: said.refused }),
          ...(said.empty === undefined ? {} : { empty: said.empty }),
          ...(usuallyRefused === undefined ? {} : { usuallyRefused }),
          ...(isJustified && { isRefusedByConflict: true }),
          ...(settleUs === undefined || operation.f === 'read' ? {} : { settleUs }),
        };
      }),
    );
  });

/** After this time nothing takes effect any more. `undefined` if the scenario does not say. */
export const settleUsOf = (sections: Sections | undefined): Micros | undefined =>
  (sections as { readonly settle?: Micros } | undefined)?.settle;

/** What the scenario promises, by model. `undefined` if no model promises more than its name says. */
export const promisesOf = (sections: Sections | undefined): Plan['promises'] => {
  const all = modelsIn(sections).flatMap((model): [string, Promises][] => {
    const { promises = {}, read }: ModelSections = modelSections[model as keyof typeof modelSections];
    const section = sections![model]!;
    const ofRead = Object.entries(read?.promises ?? {}).map(
      ([word, one]) => [one, readIn(section)?.[word as keyof ReadOutput]] as const,
    );
    const all = [...Object.entries(promises).map(([word, one]) => [one, section[word]] as const), ...ofRead];
    const said = all.flatMap(([{ to, is }, given]): [string, number | boolean][] => {
      const value = given as number | boolean | string | undefined;
      const meant = value === undefined || value === false ? undefined : promised(is, value);
      return meant === undefined || meant === false ? [] : [[to, meant]];
    });
    const justified = justifiedIn(section, model);
    return said.length + justified.length === 0 ? [] : [[model, Object.fromEntries([...said, ...justified])]];
  });
  return all.length === 0 ? undefined : Object.fromEntries(all);
};

/** Operations that promise to be refused only for a reason. */
const justifiedIn = (section: ModelOutput, model: string): readonly (readonly [string, boolean])[] => {
  const { operations }: ModelSections = modelSections[model as keyof typeof modelSections];
  return Object.entries(operations).flatMap(([word, { justifies }]) => {
    const all = asList(section[word] as OperationOutput | readonly OperationOutput[] | undefined);
    return justifies !== undefined && all.some((one) => one['refusals'] === 'justified')
      ? [[justifies.to, true] as const]
      : [];
  });
};

const readIn = (section: ModelOutput): ReadOutput | undefined =>
  readWords.map((word) => section[word] as ReadOutput | undefined).find((read) => read !== undefined);

const promised = (is: PromiseSyntax['is'], said: number | boolean | string): number | boolean | undefined => {
  if (typeof is === 'object') return is[String(said)];
  if (typeof said === 'string') return undefined;
  return is === 'duration' ? Number(said) * 1000 : said;
};

/**
 * How the values of all keys are read, for each model that needs them.
 *
 * @param manyKeys how many keys there are, by model, if that needs a note
 */
export const readsOf = (
  sections: Sections | undefined,
  get: (read: ReadOutput) => RequestStep,
  manyKeys: ReadonlyMap<string, number>,
): readonly FinalRead[] =>
  modelsIn(sections).flatMap((model): FinalRead[] => {
    const { key = wholeKey } = sections![model]!;
    const read = readIn(sections![model]!);
    const syntax: ModelSections = modelSections[model as keyof typeof modelSections];
    return read === undefined || syntax.read === undefined
      ? []
      : [
          {
            model,
            key,
            request: get(read),
            value: read.value,
            kind: syntax.read.kind,
            ...(syntax.read.most !== undefined && { most: syntax.read.most }),
            ...(manyKeys.has(model) && { manyKeys: manyKeys.get(model)! }),
          },
        ];
  });

const columnsOf = (
  fields: { readonly [field: string]: FieldSyntax },
  said: OperationOutput,
): Pick<Observation, FieldSyntax['to']> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, { from, to, isAmount, isNoneAtZero, isSet }]): [string, Observed][] => {
      const text = said[name];
      if (typeof text !== 'string') return [];
      if (from === 'sent') return [[to, { sent: text, isAmount }]];
      return [[to, { answered: text, ...(isNoneAtZero && { isNoneAtZero }), ...(isSet && { isSet }) }]];
    }),
  );

/** The fields that a section sets for all its operations. */
const commonOf = (section: ModelOutput, { common = {} }: ModelSections): { readonly [field: string]: string } =>
  Object.fromEntries(
    Object.keys(common).flatMap((word) => {
      const text = section[word];
      return typeof text === 'string' ? [[word, text]] : [];
    }),
  );

/** One, several or none. */
const asList = <T>(some: T | readonly T[] | undefined): readonly T[] => {
  if (some === undefined) return [];
  return Array.isArray(some) ? (some as readonly T[]) : [some as T];
};
