// A small API: accounts with a balance, in a database that takes a moment to answer. BUILD chooses the build.
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const { deposit } = await import(process.env.BUILD ?? './after.mjs');
const balances = new Map();

/** A database answers later, however fast it is. */
const database = {
  read: async (account) => {
    await pause(1);
    return balances.get(account) ?? 0;
  },
  write: async (account, balance) => {
    await pause(1);
    balances.set(account, balance);
  },
};

const bodyOf = async (request) => {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text);
};

const answer = async (request) => {
  const account = /^\/accounts\/(\d+)$/.exec(request.url)?.[1];
  if (request.url === '/health') return { ok: true };
  if (account === undefined) return undefined;
  if (request.method === 'POST') return { balance: await deposit(database, account, (await bodyOf(request)).amount) };
  return { balance: await database.read(account) };
};

createServer((request, response) => {
  const end = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  answer(request).then(
    (found) => end(found === undefined ? 404 : 200, found ?? { error: 'there is nothing of that name' }),
    (error) => end(500, { error: String(error) }),
  );
}).listen(Number(process.env.PORT), '127.0.0.1');
