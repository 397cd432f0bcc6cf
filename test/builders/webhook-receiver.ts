/** A receiver of notifications on loopback, over real HTTP: it remembers what it got and answers as it is told. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface WebhookReceiver {
  /** With a secret path, as webhooks have. */
  readonly url: string;
  /** The bodies so far, parsed. */
  readonly bodies: readonly Body[];
  /** How the next messages are answered; never at all with `hang`. */
  answer: 'ok' | 'hang' | { readonly status: number; readonly body?: string };
}

/** A body of any format, as far as tests read it. */
interface Body {
  readonly kind?: string;
  readonly text?: string;
  readonly problems?: Readonly<Record<'new' | 'standing' | 'over', { readonly count: number }>>;
  readonly timestamp?: string;
  readonly sign?: string;
  readonly content?: { readonly text: string };
}

/** The part of the URL that nobody may see. */
export const WEBHOOK_SECRET = 'T0pSecretHookPath';

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const bodies: Body[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(text));
      reply(response, receiver.answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hook/${WEBHOOK_SECRET}`,
    bodies,
    answer: 'ok',
  };
  return receiver;
}

function reply(response: ServerResponse, answer: WebhookReceiver['answer']): void {
  if (answer === 'hang') return;
  const { status, body = '{"code":0}' } = answer === 'ok' ? { status: 200 } : answer;
  response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end(body);
}
