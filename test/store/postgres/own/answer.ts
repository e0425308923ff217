import { newClient, type Address } from '../../../../src/store/postgres/pool.ts';

/** What a database at that address makes of six times seven. */
export const answerOf = async (address: Address): Promise<unknown> => {
  const client = await newClient(address);
  await client.connect();
  const { rows } = await client.query('select 6 * 7 as answer');
  await client.end();
  return rows;
};
