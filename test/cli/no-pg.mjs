// Loaded into the built command: a machine on which pg is not installed.
import { register } from 'node:module';

const hook = `
export const resolve = (name, context, next) => {
  if (name !== 'pg') return next(name, context);
  throw Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
};`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
