import { octetsOf, percentEncoded } from '../../core/octets.ts';
import type { Auth } from '../../core/plan/body.ts';
import type { RequestStep } from '../../core/plan/plan.ts';
import { compileJson, compileText, TemplateValueError, type Lookup, type Text } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import { asTarget } from '../transport/target.ts';
import type { RequestParts } from '../transport/transport.ts';
import { keepOf } from './answer.ts';
import { compileBody, compileFields, joined, mapped, type CompiledBody, type Files } from './body.ts';
import { userLookup } from './read/scope.ts';
import type { User } from '../user.ts';

/** Compiles a step's templates to what a transport sends. A body sets the content type, unless the step does. */
export const compileRequest = (
  step: RequestStep,
  places: ReadonlyMap<string, number>,
  files: Files = new Map(),
): RequestParts => {
  const lookup = userLookup(places);
  const headers = Object.entries(step.headers).map(
    ([name, value]) => [name, clean(compileText(parseTemplate(value), lookup), name)] as const,
  );
  const parts: RequestParts = {
    method: step.method,
    ...withQuery(compilePath(step.path, places), step.query, lookup),
    headers: step.auth === undefined ? headers : [['authorization', compileAuth(step.auth, lookup)], ...headers],
    keep: keepOf(step),
    timeoutUs: step.timeoutUs,
  };
  const body = bodyOf(step, lookup, files);
  if (body === undefined) return parts;
  return {
    ...parts,
    headers: 'content-type' in step.headers ? parts.headers : [['content-type', body.type], ...parts.headers],
    body: body.payload,
  };
};

const bodyOf = ({ json, body }: RequestStep, lookup: Lookup<User>, files: Files): CompiledBody | undefined => {
  if (body !== undefined) return compileBody(body, lookup, files);
  return json === undefined ? undefined : { type: 'application/json', payload: compileJson(json, lookup) };
};

/** RFC 7617 and RFC 6750. */
const compileAuth = (auth: Auth, lookup: Lookup<User>): Text<User> => {
  const text = (template: string): Text<User> => compileText(parseTemplate(template), lookup);
  if (auth.kind === 'bearer') return joined(['Bearer ', clean(text(auth.token), 'authorization')]);
  const both = joined([text(auth.user), ':', text(auth.password)]);
  return joined(['Basic ', mapped(both, (pair) => octetsOf(pair).toString('base64'))]);
};

type Path = Pick<RequestParts, 'path' | 'isTarget'>;

const withQuery = (
  { path, isTarget }: Required<Path>,
  query: RequestStep['query'],
  lookup: Lookup<User>,
): Required<Path> => {
  const fields = query === undefined ? '' : compileFields(query, lookup, percentEncoded);
  if (fields === '') return { path, isTarget };
  return { path: joined([mapped(path, (before) => `${before}${before.includes('?') ? '&' : '?'}`), fields]), isTarget };
};

/** A value in a path is percent-encoded, unless it is the whole path, as with a captured `location`. */
const compilePath = (path: string, places: ReadonlyMap<string, number>): Required<Path> => {
  const template = parseTemplate(path);
  if (template.parts.length === 1) {
    return { path: clean(compileText(template, userLookup(places)), 'the path'), isTarget: false };
  }
  const parts = template.parts.map((part) => (typeof part === 'string' ? asTarget(part) : part));
  return { path: compileText({ ...template, parts }, userLookup(places), percentEncoded), isTarget: true };
};

/** Refuses line breaks and other control characters in values: they would end the header and start another. */
const clean = (text: Text<User>, where: string): Text<User> => {
  if (typeof text === 'string') return text;
  return (user) => {
    const value = text(user);
    if (/[^\t\x20-\x7e\x80-\u{10ffff}]/u.test(value)) {
      throw new TemplateValueError(`a value with control characters is not allowed in ${where}`);
    }
    return value;
  };
};
