// A target with the faults that a target may have: `node api.mjs <fault>`, its port in PORT.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

const fault = process.argv[2] ?? 'none';
const port = Number(process.env.PORT);
const url = process.argv[1];
let begun = 0;
let asked = 0;

const listen = () =>
  createServer((request, response) => {
    if (request.url === '/health') {
      response.writeHead(fault === 'ill' ? 503 : 200).end();
      return;
    }
    if (request.method === 'POST') begun++;
    // Each slot, and each warm-up, begins with a POST.
    if (request.method === 'GET' && begun === Number(process.env.DIES_IN) && ++asked === 5) {
      console.error('out of memory');
      process.exit(7);
    }
    response.setHeader('content-type', 'application/json').end('{"stock":5}');
  }).listen(port, '127.0.0.1', () => console.log(`${fault} on ${port}`));

switch (fault) {
  case 'dies':
    console.log('reading the settings');
    console.error('DATABASE_URL is not set, and token=abcdef-secret will not help');
    process.exitCode = 3;
    break;
  case 'deaf':
    process.on('SIGTERM', () => console.log('heard, not obeyed'));
    listen();
    break;
  case 'daemon':
    spawn(process.execPath, [url, 'none'], { detached: true, stdio: 'ignore' }).unref();
    break;
  case 'slow':
    setInterval(() => console.log('still thinking'), 200);
    break;
  case 'loud': {
    const line = `${'x'.repeat(1023)}\n`.repeat(1024);
    let megabytes = Number(process.env.MEGABYTES);
    const write = () => {
      while (megabytes > 0 && process.stdout.write(line)) megabytes--;
      if (megabytes === 0) listen();
      else {
        megabytes--;
        process.stdout.once('drain', write);
      }
    };
    console.log('the first line');
    write();
    process.on('SIGTERM', () => process.stdout.write('the last line\n', () => process.exit()));
    break;
  }
  case 'set-up':
    if (existsSync('installed')) listen();
    else {
      console.error('installed is not there');
      process.exitCode = 4;
    }
    break;
  default:
    process.on('SIGTERM', () => {
      console.log('ending as asked');
      process.exit();
    });
    listen();
}
