import type { RequestStep } from '../../core/plan.ts';
import { compileJson, compileText, TemplateValueError, type Text } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import { percentEncoded } from '../../template/values.ts';
import type { RequestParts } from '../transport/transport.ts';
import { keepOf } from './answer.ts';
import { userLookup } from './scope.ts';
import type { User } from './user.ts';

/** Compiles a step's templates to what a transport sends. A JSON body brings its content type, unless the step has one. */
export const compileRequest = (step: RequestStep, places: ReadonlyMap<string, number>): RequestParts => {
  const lookup = userLookup(places);
  const headers = Object.entries(step.headers).map(
    ([name, value]) => [name, clean(compileText(parseTemplate(value), lookup), name)] as const,
  );
  const parts: RequestParts = {
    method: step.method,
    path: compilePath(step.path, places),
    headers,
    keep: keepOf(step),
    timeoutUs: step.timeoutUs,
  };
  if (step.json === undefined) return parts;
  return {
    ...parts,
    headers: 'content-type' in step.headers ? headers : [['content-type', 'application/json'], ...headers],
    body: compileJson(step.json, lookup),
  };
};

/** A value in a path is percent-encoded, unless it is the whole path, as a captured `location` is. */
const compilePath = (path: string, places: ReadonlyMap<string, number>): Text<User> => {
  const template = parseTemplate(path);
  if (template.parts.length === 1) return clean(compileText(template, userLookup(places)), 'the path');
  return compileText(template, userLookup(places), percentEncoded);
};

/** Refuses line breaks and other control characters that a value may bring: they would end the header and begin another. */
const clean = (text: Text<User>, where: string): Text<User> => {
  if (typeof text === 'string') return text;
  return (user) => {
    const value = text(user);
    if (/(?!\t)\p{Cc}/u.test(value)) {
      throw new TemplateValueError(`a value with control characters cannot stand in ${where}`);
    }
    return value;
  };
};
