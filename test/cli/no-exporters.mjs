// Loaded into the built command: a machine on which neither prom-client nor OpenTelemetry is installed.
import { register } from 'node:module';

const hook = `
export const resolve = (name, context, next) => {
  if (name !== 'prom-client' && !name.startsWith('@opentelemetry/')) return next(name, context);
  throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
};`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
