import type { Host } from '../../core/host.ts';
import { scenarioSchemaText } from '../../scenario/schema/json-schema.ts';
import { exitCodes } from '../exit-codes.ts';

/** `contend schema`: the scenario's JSON Schema on stdout. */
export const schema = async (host: Host): Promise<number> => {
  host.stdout.write(scenarioSchemaText());
  return exitCodes.pass;
};
