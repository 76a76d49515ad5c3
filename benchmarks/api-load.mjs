// Load on a running `governance serve`: readers that each ask for something every second while a scan runs.
//
//   governance simulate --grants 300000 --port 5080
//   governance serve --tenant ID --graph-endpoint http://127.0.0.1:5080 --token-env VAR --token-file token
//   node benchmarks/api-load.mjs http://127.0.0.1:8080 "$(cat token)" PID-OF-SERVER [readers]
//
// Scans once so that there is something to read, then reads until a second scan has ended. Prints one line of JSON and ends with 1
// when an answer was an error, the 99th percentile reached a second, or the server's memory went past 512 MiB.
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [base, token, pid, count = '200'] = process.argv.slice(2);
const readers = Number(count);
const agent = new http.Agent({ keepAlive: true, maxSockets: readers + 8 });
const paths = ['/api/apps?limit=50', '/api/findings?limit=50', '/api/kpis?history=30', '/api/scans', '/api/health', '/api/apps?verdict=ai&limit=200',
  '/api/digests', '/api/report', '/api/findings?severity=high', '/api/export?format=csv&what=findings'];

function ask(method, path) {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, agent, headers: { authorization: `Bearer ${token}` } }, response => {
      const pieces = [];
      response.on('data', piece => pieces.push(piece));
      response.on('end', () => resolve({ status: response.statusCode, location: response.headers.location, body: Buffer.concat(pieces) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function scan() {
  const asked = await ask('POST', '/api/scans');
  const started = performance.now();
  for (;;) {
    const now = JSON.parse((await ask('GET', asked.location)).body);
    if (now.completedAt) {
      return { status: now.status, seconds: (performance.now() - started) / 1000, grants: now.parts.find(part => part.name === 'oauth2PermissionGrants')?.items };
    }
    await pause(500);
  }
}

const first = await scan();
for (const path of paths) await ask('GET', path);
let running = true;
const times = [];
const errors = {};
const readersDone = Promise.all(Array.from({ length: readers }, async (_, n) => {
  await pause(1000 * n / readers);
  for (let turn = n; running; turn++) {
    const started = performance.now();
    try {
      const { status } = await ask('GET', paths[turn % paths.length]);
      if (status !== 200) errors[status] = (errors[status] ?? 0) + 1;
    } catch (error) {
      errors[error.code] = (errors[error.code] ?? 0) + 1;
    }
    const taken = performance.now() - started;
    times.push(taken);
    await pause(Math.max(0, 1000 - taken));
  }
}));
const second = await scan();
await pause(2000);
running = false;
await readersDone;
times.sort((one, other) => one - other);
const at = share => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
const result = { readers, requests: times.length, errors, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: Math.round(times.at(-1)), peakMiB: Math.round(peak()), first, second };
console.log(JSON.stringify(result));
process.exit(Object.keys(errors).length === 0 && result.p99 < 1000 && result.peakMiB < 512 ? 0 : 1);
