// The floor: the same requests by bare node:http with keep-alive, and nothing else - no checks, no logs, no
// state. Arguments: URL, what (create | quiet | change | again), number of apps, concurrency. `again` lists
// once more for each line on stdin, in the same process, as a daemon would.
import http from 'node:http';
import { createInterface } from 'node:readline';

const [url, what, countText, concurrencyText] = process.argv.slice(2);
const count = Number(countText);
const concurrency = Number(concurrencyText);
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
const { hostname, port } = new URL(url);

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { authorization: 'Bearer pat_sandbox', 'content-type': 'application/json' };
    const request = http.request({ hostname, port, path, method, agent, headers }, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('end', () => {
        const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        if (answer.code === 0) resolve(answer);
        else reject(new Error(`${method} ${path}: ${answer.code} ${answer.msg}`));
      });
    });
    request.on('error', reject);
    request.end(text);
  });
}

async function list() {
  const apps = [];
  for (let token = ''; ; ) {
    const query = token === '' ? '' : `&page_token=${encodeURIComponent(token)}`;
    const { data } = await send('GET', `/v1/api_apps?page_size=50${query}`);
    apps.push(...data.items);
    if (!data.has_more) return apps;
    token = data.next_page_token;
  }
}

async function each(numbers, work) {
  const queue = numbers.values();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const number of queue) await work(number);
    }),
  );
}

const apps = await list();
if (what === 'create') {
  await each([...Array(count).keys()], async (index) => {
    const { data } = await send('POST', '/v1/api_apps', { app_type: 'normal', name: `app ${index}` });
    const callback_url = `https://hooks.example.com/coze/${index}`;
    await send('PUT', `/v1/api_apps/${data.id}`, { callback_url });
  });
}
if (what === 'change') {
  await send('PUT', `/v1/api_apps/${apps[0].id}`, { callback_url: 'https://hooks.example.com/moved' });
}
if (what === 'again') {
  console.log('listed');
  for await (const _ of createInterface({ input: process.stdin })) {
    await list();
    console.log('listed');
  }
}
agent.destroy();
