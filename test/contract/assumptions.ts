/**
 * One probe for each switch of the sandbox, that is for each behaviour the vendor leaves open: it asks a platform which
 * of the choices holds there. On the sandbox every probe must find what was set; on the real platform it tells which
 * world callbackd lives in. `undefined`: it cannot be told on this subject.
 */

import type { Switches, SwitchName } from '../../src/sandbox/switches.ts';
import { type ContractSubject, type Exchange, exchange } from './subject.ts';

/** What a probe works with. Apps it makes are deleted afterwards. */
interface Bench {
  readonly subject: ContractSubject;
  send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    target: string,
    body?: unknown,
    token?: string,
  ): Promise<Exchange>;
  /** Makes a normal app and returns its id. */
  create(name: string): Promise<string>;
  /** The reply to a create of whatever kind; the app is noted for deletion when there is one. */
  tryCreate(body: Readonly<Record<string, unknown>>): Promise<Exchange>;
  update(id: string, body: Readonly<Record<string, unknown>>): Promise<Exchange>;
  /** The listed app, over all pages. */
  find(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  list(): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

type Probe<Name extends SwitchName> = (bench: Bench) => Promise<Switches[Name] | undefined>;

const codeOf = (reply: Exchange): number => Number(reply.json.code);
const isOk = (reply: Exchange): boolean => codeOf(reply) === 0;
const UNKNOWN_ID = '1000000000000000001';
const EVENT = 'bot.deleted';
/** Of a name, in characters: one more than the vendor allows. */
const LONGEST = 129;
/** How often a lagging listing is asked, and how long. */
const POLL_MS = 50;
const LAG_MS_MAX = 10_000;

export const PROBES: { readonly [Name in SwitchName]: Probe<Name> } = {
  async nameMax(bench) {
    let [least, most] = [1, LONGEST];
    while (least < most) {
      const length = Math.ceil((least + most) / 2);
      const name = 'a'.repeat(length);
      if ((await keptName(bench, name)) === name) least = length;
      else most = length - 1;
    }
    return least;
  },
  async longNames(bench) {
    return (await keptName(bench, 'a'.repeat(LONGEST))) === undefined ? 'refused' : 'cut';
  },
  async namePunctuation(bench) {
    const name = (await keptName(bench, 'a-b')) ?? 'refused';
    return name === 'a-b' ? 'kept' : name === 'ab' ? 'dropped' : 'refused';
  },
  async uniqueNames({ subject, create, tryCreate }) {
    await create('duplicate');
    return !isOk(await tryCreate({ app_type: 'normal', name: `${subject.namePrefix}duplicate` }));
  },
  async duplicateNameCode({ subject, create, tryCreate }) {
    await create('duplicate');
    return (
      codeOf(await tryCreate({ app_type: 'normal', name: `${subject.namePrefix}duplicate` })) || undefined
    );
  },
  maxApps: async ({ subject, tryCreate }) => (await fillUp(subject, tryCreate))?.apps,
  maxAppsCode: async ({ subject, tryCreate }) => (await fillUp(subject, tryCreate))?.code,
  async unknownFields({ subject, tryCreate }) {
    const name = `${subject.namePrefix}unknown field`;
    const reply = await tryCreate({ app_type: 'normal', name, colour: 'red' });
    return isOk(reply) ? 'ignored' : 'refused';
  },
  async connectorOneToOne({ subject: { connectorId }, tryCreate }) {
    if (connectorId === undefined) return undefined;
    const body = { app_type: 'connector', connector_id: connectorId };
    return isOk(await tryCreate(body)) ? !isOk(await tryCreate(body)) : undefined;
  },
  async connectorName({ subject: { connectorId, namePrefix }, tryCreate }) {
    if (connectorId === undefined) return undefined;
    const name = `${namePrefix}channel`;
    const reply = await tryCreate({ app_type: 'connector', connector_id: connectorId, name });
    if (!isOk(reply)) return 'refused';
    return reply.json.data.name === name ? 'kept' : 'ignored';
  },
  async connectorRename({ subject: { connectorId, namePrefix }, tryCreate, update, find }) {
    if (connectorId === undefined) return undefined;
    const made = await tryCreate({ app_type: 'connector', connector_id: connectorId });
    if (!isOk(made)) return undefined;
    const name = `${namePrefix}renamed`;
    if (!isOk(await update(made.json.data.id, { name }))) return 'refused';
    return (await find(made.json.data.id))?.['name'] === name ? 'ok' : 'ignored';
  },
  async emptyUrl({ subject, create, update, find }) {
    const { receiver } = subject;
    if (receiver === undefined) return undefined;
    const id = await create('empty url');
    await update(id, { callback_url: receiver.url });
    if (!isOk(await update(id, { callback_url: '' }))) return 'refused';
    return (await find(id))?.['callback_url'] === receiver.url ? 'ignored' : 'clears';
  },
  async emptyUpdate({ create, update }) {
    return isOk(await update(await create('empty update'), {})) ? 'ok' : 'refused';
  },
  async challengeSigned({ subject: { receiver }, create, update }) {
    if (receiver?.behave === undefined) return undefined;
    receiver.behave({ signature: 'always' });
    return isOk(await update(await create('signed'), { callback_url: receiver.url }));
  },
  async challengeFailedCode({ subject, create, update }) {
    const id = await create('challenge failed');
    return codeOf(await update(id, { callback_url: subject.brokenReceiverUrl }));
  },
  async challengeSameUrl({ subject: { receiver }, create, update }) {
    if (receiver?.behave === undefined) return undefined;
    const id = await create('same url');
    await update(id, { callback_url: receiver.url });
    receiver.behave({ mode: 'wrong_echo' });
    return !isOk(await update(id, { callback_url: receiver.url }));
  },
  async repeatedEvents(bench) {
    const id = await createSubscribed(bench, [EVENT]);
    if (id === undefined) return undefined;
    const again = await bench.send('POST', `/v1/api_apps/${id}/events`, { event_types: [EVENT] });
    return isOk(again) ? 'ok' : 'refused';
  },
  async eventsNeedUrl({ create, send }) {
    const id = await create('no url');
    return !isOk(await send('POST', `/v1/api_apps/${id}/events`, { event_types: [EVENT] }));
  },
  async unknownEvents(bench) {
    const id = await createSubscribed(bench, [EVENT]);
    if (id === undefined) return undefined;
    const event_types = ['callbackd.unknown'];
    return isOk(await bench.send('POST', `/v1/api_apps/${id}/events`, { event_types }))
      ? 'accepted'
      : 'refused';
  },
  async deleteBody(bench) {
    const id = await createSubscribed(bench, [EVENT]);
    if (id === undefined) return undefined;
    const reply = await bench.send('DELETE', `/v1/api_apps/${id}/events`, { event_types: [EVENT] });
    return isOk(reply) ? 'read' : 'dropped';
  },
  async unknownIdEvents({ send }) {
    return isOk(await send('GET', `/v1/api_apps/${UNKNOWN_ID}/events`)) ? 'empty' : 'not_found';
  },
  async listOrder({ create, list }) {
    const made: string[] = [];
    for (let i = 0; i < 6; i += 1) made.push(await create(`order ${i}`));
    const listed = (await list()).map((app) => String(app['id'])).filter((id) => made.includes(id));
    if (listed.join() === made.join()) return 'creation';
    return listed.join() === made.reverse().join() ? 'newest' : 'random';
  },
  async appearLagMs({ subject, create, find }) {
    const id = await create('appears');
    return measureLag(subject, async () => (await find(id)) !== undefined);
  },
  async disappearLagMs({ subject, create, send, find }) {
    const id = await create('disappears');
    await send('DELETE', `/v1/api_apps/${id}`);
    return measureLag(subject, async () => (await find(id)) === undefined);
  },
  async updateLagMs({ subject, create, update, find }) {
    const id = await create('changes');
    const name = `${subject.namePrefix}changed`;
    await update(id, { name });
    return measureLag(subject, async () => (await find(id))?.['name'] === name);
  },
  async eventsLagMs(bench) {
    const id = await createSubscribed(bench, [EVENT]);
    if (id === undefined) return undefined;
    return measureLag(bench.subject, async () => {
      const { json } = await bench.send('GET', `/v1/api_apps/${id}/events`);
      return (json.data?.items ?? []).length > 0;
    });
  },
  async emptyItems(bench) {
    const data = await emptyPage(bench);
    if (data === null || data === undefined) return undefined;
    return data.items === undefined ? 'missing' : data.items === null ? 'null' : 'empty';
  },
  async emptyListData(bench) {
    const data = await emptyPage(bench);
    return data === undefined ? 'missing' : data === null ? 'null' : 'present';
  },
  async lastHasMore(bench) {
    return (await emptyPage(bench))?.has_more === false ? 'false' : 'missing';
  },
  async lastPageToken(bench) {
    return (await emptyPage(bench))?.next_page_token === '' ? 'empty' : 'missing';
  },
  async writeData({ create, update, subject }) {
    const { json } = await update(await create('write data'), { name: `${subject.namePrefix}written` });
    return json.data === undefined ? 'missing' : json.data === null ? 'null' : 'empty';
  },
  async idStyle({ subject, tryCreate }) {
    const { text } = await tryCreate({ app_type: 'normal', name: `${subject.namePrefix}id` });
    return /"id":\s*"\d+"/.test(text) ? 'string' : 'number';
  },
  async codeStyle({ send }) {
    return typeof (await send('GET', '/v1/api_apps')).json.code === 'string' ? 'string' : 'number';
  },
  async detail({ send }) {
    return (await send('GET', '/v1/api_apps')).json.detail === undefined ? 'missing' : 'present';
  },
  async errorStyle({ tryCreate }) {
    return (await tryCreate({})).status === 200 ? 'code_in_200' : 'status';
  },
  async authCode({ send }) {
    return codeOf(await send('GET', '/v1/api_apps', undefined, 'pat_wrong'));
  },
  async clockSkewMs({ subject: { clock }, send }) {
    const { headers } = await send('GET', '/v1/api_apps');
    return headers['date'] === undefined ? undefined : Math.max(0, Date.parse(headers['date']) - clock.now());
  },
};

/** Runs one probe and deletes what it made. */
export async function probe<Name extends SwitchName>(
  subject: ContractSubject,
  name: Name,
): Promise<Switches[Name] | undefined> {
  const made: string[] = [];
  const send: Bench['send'] = (method, target, body, token) =>
    exchange(subject, method, { target, body, ...(token === undefined ? {} : { token }) });
  const tryCreate: Bench['tryCreate'] = async (body) => {
    const reply = await send('POST', '/v1/api_apps', body);
    const id = /"id":\s*"?(\d+)/.exec(reply.text)?.[1];
    if (id !== undefined) made.push(id);
    return reply;
  };
  const list: Bench['list'] = async () => {
    const apps: Readonly<Record<string, unknown>>[] = [];
    for (let token = ''; ; ) {
      const { json } = await send('GET', `/v1/api_apps?page_token=${encodeURIComponent(token)}`);
      apps.push(...(json.data?.items ?? []));
      if (json.data?.has_more !== true) return apps;
      token = json.data.next_page_token;
    }
  };
  const bench: Bench = {
    subject,
    send,
    tryCreate,
    list,
    create: async (app) => {
      await tryCreate({ app_type: 'normal', name: subject.namePrefix + app });
      return made.at(-1) as string;
    },
    update: (id, body) => send('PUT', `/v1/api_apps/${id}`, body),
    find: async (id) => (await list()).find((app) => app['id'] === id),
  };
  try {
    return await PROBES[name](bench);
  } finally {
    for (const id of made) await send('DELETE', `/v1/api_apps/${id}`);
  }
}

async function createSubscribed(bench: Bench, event_types: readonly string[]): Promise<string | undefined> {
  if (bench.subject.receiver === undefined) return undefined;
  const id = await bench.create('subscribed');
  await bench.update(id, { callback_url: bench.subject.receiver.url });
  const reply = await bench.send('POST', `/v1/api_apps/${id}/events`, { event_types });
  return isOk(reply) ? id : undefined;
}

/** The name of a new app as the platform keeps it; `undefined` where it refuses the name. */
async function keptName({ tryCreate }: Bench, name: string): Promise<string | undefined> {
  const reply = await tryCreate({ app_type: 'normal', name });
  return isOk(reply) ? String(reply.json.data.name) : undefined;
}

/** The subscriptions of a new app: an empty list that every platform has. */
async function emptyPage({ create, send }: Bench) {
  const id = await create('no events');
  return (await send('GET', `/v1/api_apps/${id}/events`)).json.data;
}

async function measureLag(
  { clock }: ContractSubject,
  follows: () => Promise<boolean>,
): Promise<number | undefined> {
  const start = clock.monotonic();
  for (let asked = start; asked - start <= LAG_MS_MAX; asked = clock.monotonic()) {
    if (await follows()) return asked - start;
    await clock.sleep(POLL_MS);
  }
  return undefined;
}

/** Creates until the platform refuses. Only where nobody minds: a real account is not filled up. */
async function fillUp({ receiver, namePrefix }: ContractSubject, tryCreate: Bench['tryCreate']) {
  if (receiver?.behave === undefined) return undefined;
  for (let apps = 0; apps < 5; apps += 1) {
    const reply = await tryCreate({ app_type: 'normal', name: `${namePrefix}${apps}` });
    if (!isOk(reply)) return { apps, code: codeOf(reply) };
  }
  return { apps: 0, code: undefined };
}
