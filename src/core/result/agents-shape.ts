import type { AgentResult, ModeAgentResult } from './agents.ts';
import { fields, maybe, number, text, type Fields } from './shape.ts';

/** The shape of a machine that lent itself, in a document. */
export const agent = fields({
  agent: number,
  host: text,
  node: text,
  cpu: text,
  cores: number,
  threads: number,
  clockErrorUs: maybe(number),
} satisfies Fields<AgentResult>);

/** The shape of what one did in a mode. */
export const modeAgent = fields({
  agent: number,
  throughputPerSecond: number,
  p50Us: number,
  p99Us: number,
  cpuShare: number,
  lateUs: number,
} satisfies Fields<ModeAgentResult>);
