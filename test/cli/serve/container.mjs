// As a container runtime does: started without an argument it starts a server for whoever connects, outside their processes, and ends
// it when they have gone; with its port it is the one who connects, and waits.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [port] = process.argv.slice(2);

if (port === undefined) {
  createServer((client) => {
    const costly = new URL('costly.mjs', import.meta.url).pathname;
    client.once('data', (served) => {
      const env = { ...process.env, PORT: String(served), WORK_US: '0' };
      const server = spawn(process.execPath, [costly], { env, stdio: 'ignore' });
      client.once('close', () => server.kill());
    });
    client.on('error', () => undefined);
  }).listen(0, '127.0.0.1', function () {
    console.log(this.address().port);
  });
  process.stdin.resume().on('end', () => process.exit());
} else connect(Number(port), '127.0.0.1').resume().write(process.env.PORT);
