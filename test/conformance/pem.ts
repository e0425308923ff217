import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * `ca.pem` has signed the other two, which hold key and certificate; they last until 2120.
 *
 * The server's is for shop.test, localhost, 127.0.0.1 and ::1.
 */
const pem = async (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url)), 'utf8');

/** An authority, and what it vouches for: key and certificate in one. */
export const [ca, serverPem, clientPem] = await Promise.all([pem('ca'), pem('server'), pem('client')]);
