// A target that uses WORK_US of CPU time for each request, and writes what it used so far, and how much it was asked, at POST /mark.
import { createServer } from 'node:http';

const workUs = Number(process.env.WORK_US);
let asked = 0;

const usedUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

createServer((request, response) => {
  asked++;
  if (request.url === '/mark') console.log(`mark ${usedUs()} ${asked}`);
  else if (request.url !== '/health') for (const until = usedUs() + workUs; usedUs() < until;);
  response.end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
