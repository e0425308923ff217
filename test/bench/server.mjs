// The smallest possible server, in its own process: prints {"port":N}, and ends with its standard input, or after ten minutes at
// the latest.
import { createServer } from 'node:http';

const lifetimeMs = 600_000;
const server = createServer((_request, response) => response.end('{}'));
server.keepAliveTimeout = 0;

const end = () => process.exit(0);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
setTimeout(end, lifetimeMs);
server.listen(0, '127.0.0.1', () => process.stdout.write(`{"port":${server.address().port}}\n`));
