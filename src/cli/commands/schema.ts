import type { Host } from '../../core/host.ts';
import { scenarioJsonSchema } from '../../scenario/json-schema.ts';
import { exitCodes } from '../exit-codes.ts';

/** `contend schema`: the scenario's JSON Schema on stdout. */
export const schema = async (host: Host): Promise<number> => {
  host.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return exitCodes.pass;
};
