import type { Conflict, CriticalStep, Expect, RequestStep, Retry, SectionStep, Step } from '../../core/plan/plan.ts';
import type { Auth, Body, Part } from '../../core/plan/body.ts';
import type { ChooseStep, GroupStep, IfStep, RepeatStep, ThinkStep } from '../../core/plan/flow.ts';
import type { Json } from '../../core/json.ts';
import { parseDurations } from '../../core/duration.ts';
import { methods, methodWords, usualConflict, type RequestOutput } from '../schema/steps.ts';
import { blockWords, type StepOutput } from '../schema/flow.ts';
import type { Scenario } from '../schema/scenario.ts';

/** A request of the plan. `timeoutUs` is the default timeout. */
export const requestOf = (step: RequestOutput, timeoutUs: RequestStep['timeoutUs']): RequestStep => {
  const word = methodWords.find((method) => step[method] !== undefined) ?? 'get';
  const body = bodyOf(step);
  return {
    kind: 'request',
    name: step.name ?? '',
    ...(step.target === undefined ? {} : { target: step.target }),
    ...(step.tags === undefined ? {} : { tags: step.tags }),
    method: methods[word],
    path: step[word] ?? '',
    headers: headersOf(step.headers),
    ...(step.json === undefined ? {} : { json: step.json as Json }),
    ...(body === undefined ? {} : { body }),
    ...(step.query === undefined ? {} : { query: fieldsOf(step.query) }),
    ...authOf(step.auth),
    ...redirectsOf(step.redirects),
    capture: step.capture,
    expect: expectOf(step.expect),
    ...(step.copies === undefined || step.copies === 1 ? {} : { copies: step.copies }),
    ...(step.retry === undefined ? {} : { retry: retryOf(step.retry) }),
    timeoutUs: step.timeout ?? timeoutUs,
  };
};

const retryOf = ({ on, times, backoff }: NonNullable<RequestOutput['retry']>): Retry => ({
  statuses: on.filter((one) => typeof one === 'number'),
  failures: on.filter((one) => typeof one !== 'number'),
  times,
  backoffUs: backoff,
});

/** Without undefined keys: the plan is plain JSON. */
const expectOf = ({ status, within, size, headers, text, body, that }: RequestOutput['expect']): Expect => ({
  ...(status === undefined ? {} : { status }),
  ...(within === undefined ? {} : { withinUs: within }),
  ...(size === undefined ? {} : { size }),
  ...(headers === undefined
    ? {}
    : { headers: Object.fromEntries(Object.entries(headers).map(([name, check]) => [name.toLowerCase(), check])) }),
  ...(text === undefined ? {} : { text }),
  ...(body === undefined ? {} : { body: body as NonNullable<Expect['body']> }),
  ...(that === undefined ? {} : { that }),
});

/** How many redirects a request follows, as a part of one. */
export const redirectsOf = (redirects: number | undefined): { readonly redirects?: number } =>
  redirects === undefined || redirects === 0 ? {} : { redirects };

/** Headers without the removed ones. */
export const headersOf = (headers: { readonly [name: string]: string | null }): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

/** The credentials of a request, as a part of one. */
export const authOf = (auth: RequestOutput['auth']): { readonly auth?: Auth } => {
  if (auth === undefined || auth === 'none') return {};
  return { auth: 'bearer' in auth ? { kind: 'bearer', token: auth.bearer } : { kind: 'basic', ...auth.basic } };
};

type Fields = { readonly [name: string]: readonly (string | null)[] };

const fieldsOf = (fields: Fields): { readonly [name: string]: readonly string[] } =>
  Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, values.filter((value) => value !== null)] as const),
  );

type PartOutput = NonNullable<NonNullable<RequestOutput['multipart']>[string][number]>;

/** Without undefined keys: the plan is plain JSON. */
const partOf = (part: PartOutput): Part => {
  if (typeof part === 'string') return part;
  if ('value' in part) return { value: part.value ?? '', type: part.type };
  const { file, type, name } = part;
  return { file, type, ...(name === undefined ? {} : { name }) };
};

const isEmptyPart = (part: PartOutput): boolean => typeof part !== 'string' && 'value' in part && part.value === null;

const bodyOf = ({ form, multipart, text, body }: RequestOutput): Body | undefined => {
  if (form !== undefined) return { kind: 'form', fields: fieldsOf(form) };
  if (text !== undefined) return { kind: 'text', text };
  if (body !== undefined) return { kind: 'file', ...body };
  if (multipart === undefined) return undefined;
  const parts = Object.entries(multipart).map(
    ([name, several]) =>
      [name, several.flatMap((part) => (part === null || isEmptyPart(part) ? [] : [partOf(part)]))] as const,
  );
  return { kind: 'multipart', fields: Object.fromEntries(parts) };
};

/**
 * The steps of the plan. If no step is critical, the whole iteration is one critical section. The requests of a section have the
 * mode's conflict, unless they have their own.
 */
export const stepsOf = (scenario: Scenario): readonly Step[] => {
  const { steps, timeouts, conflict: ofMode } = scenario;
  const request = (step: RequestOutput): RequestStep => requestOf(step, timeouts.request);
  const guarded = (step: RequestOutput): RequestStep => {
    const conflict = step.conflict?.status ?? ofMode?.status;
    // The answer to one copy says nothing about the others, so none of them is retried.
    return conflict === undefined || (step.copies ?? 1) > 1 ? request(step) : { ...request(step), conflict };
  };
  const section = (inner: readonly StepOutput[]): CriticalStep => {
    const conflict = conflictOf(scenario, inner);
    return {
      kind: 'critical',
      steps: atLeastOne(inner.map(inside)),
      ...(conflict === undefined ? {} : { conflict }),
    };
  };
  const inside = (step: StepOutput): SectionStep => {
    if (isBlock(step, 'critical')) throw new Error('the schema lets no nested section through');
    return blockOf(step, inside) ?? guarded(step as RequestOutput);
  };
  const outside = (step: StepOutput): Step => {
    if (isBlock(step, 'critical')) return section(step.critical);
    return blockOf<Step>(step, outside) ?? request(step as RequestOutput);
  };
  return steps.some(hasSection) ? steps.map(outside) : [section(steps)];
};

/** A step that contains others, or a pause. `undefined` for anything else. */
const blockOf = <Inner>(
  step: StepOutput,
  inner: (step: StepOutput) => Inner,
): ThinkStep | RepeatStep<Inner> | IfStep<Inner> | ChooseStep<Inner> | GroupStep<Inner> | undefined => {
  if (isBlock(step, 'think')) return { kind: 'think', us: step.think };
  if (isBlock(step, 'repeat')) return { kind: 'repeat', times: step.repeat.times, steps: step.repeat.steps.map(inner) };
  if (isBlock(step, 'if'))
    return { kind: 'if', test: step.if, yes: step.then.map(inner), no: (step.else ?? []).map(inner) };
  if (isBlock(step, 'group')) {
    const { name, parallel, steps } = step.group;
    return { kind: 'group', name, ...(parallel ? { parallel } : {}), steps: steps.map(inner) };
  }
  if (!isBlock(step, 'choose')) return undefined;
  const branches = step.choose.map(({ weight, steps }) => ({ weight, steps: steps.map(inner) }));
  return { kind: 'choose', branches };
};

/** Requests have every one of these keys too, but without a value: the schema forbids them. */
const isBlock = <Word extends (typeof blockWords)[number]>(
  step: StepOutput,
  word: Word,
): step is Extract<StepOutput, { readonly [key in Word]: unknown }> =>
  (step as { readonly [key: string]: unknown })[word] !== undefined;

const innerOf = (step: StepOutput): readonly StepOutput[] => {
  if (isBlock(step, 'critical')) return step.critical;
  if (isBlock(step, 'repeat')) return step.repeat.steps;
  if (isBlock(step, 'group')) return step.group.steps;
  if (isBlock(step, 'if')) return [...step.then, ...(step.else ?? [])];
  return isBlock(step, 'choose') ? step.choose.flatMap(({ steps }) => steps) : [];
};

const hasSection = (step: StepOutput): boolean => isBlock(step, 'critical') || innerOf(step).some(hasSection);

const requestsIn = (steps: readonly StepOutput[]): readonly RequestOutput[] =>
  steps.flatMap((step) => {
    const isOther = blockWords.some((word) => isBlock(step, word));
    return isOther ? requestsIn(innerOf(step)) : [step as RequestOutput];
  });

/** What to do on a conflict: as set by one of the section's steps, or by the mode. Steps that set it all agree. */
const conflictOf = ({ conflict: ofMode }: Scenario, steps: readonly StepOutput[]): Conflict | undefined => {
  const ofSteps = requestsIn(steps).flatMap(({ conflict }) => conflict ?? []);
  if (ofMode === undefined && ofSteps.length === 0) return undefined;
  const { retries, backoff } = usualConflict;
  return {
    retries: ofSteps.find((one) => one.retries !== undefined)?.retries ?? ofMode?.retries ?? retries,
    backoffUs: ofSteps.find((one) => one.backoff !== undefined)?.backoff ?? ofMode?.backoff ?? parseDurations(backoff)!,
  };
};

const atLeastOne = (steps: readonly SectionStep[]): CriticalStep['steps'] => {
  const [first, ...others] = steps;
  if (first === undefined) throw new Error('the schema lets no empty section through');
  return [first, ...others];
};
