import type { ServeResult } from './serve.ts';
import { fields, list, maybe, optional, text, type Fields } from './shape.ts';

/** The shape of what contend started, in a document. */
export const serve = fields({
  name: text,
  modes: list(text),
  command: text,
  setup: optional(text),
  cwd: optional(text),
  git: optional(fields({ ref: text, commit: maybe(text) })),
  unmeasured: optional(text),
} satisfies Fields<ServeResult>);
