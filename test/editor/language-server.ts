/** Drives the language server of VS Code's YAML extension the way an editor does: over its standard input and output. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const SERVER = require.resolve('yaml-language-server/bin/yaml-language-server');

/** Counted from 0, as the protocol does. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

interface Diagnostic {
  readonly message: string;
  readonly severity: number;
  readonly range: { readonly start: Place; readonly end: Place };
}

interface Suggestion {
  readonly label: string;
  readonly documentation?: string | { readonly value: string };
}

interface OpenFile {
  /** What the editor underlines, once the server has looked at the file. */
  diagnostics(): Promise<readonly Diagnostic[]>;
  hover(position: Place): Promise<string>;
  /** The description of each thing it offers there. */
  complete(position: Place): Promise<ReadonlyMap<string, string>>;
}

/** An editor as it is after the extension was installed: without settings. */
export async function startEditor() {
  const server = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(server, 'exit');
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const awaited = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
    awaited.get(uri)?.(diagnostics);
  });
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => ({})));
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(ROOT).href,
    workspaceFolders: null,
    capabilities: {
      textDocument: {
        hover: { contentFormat: ['markdown'] },
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
      },
    },
  });
  await connection.sendNotification('initialized', {});

  return {
    /** Opens a file at the root of the project that exists only in the editor. Each needs a name of its own. */
    async open(name: string, text: string): Promise<OpenFile> {
      const document = { uri: pathToFileURL(path.join(ROOT, name)).href };
      const diagnosed = new Promise<readonly Diagnostic[]>((resolve) => awaited.set(document.uri, resolve));
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { ...document, languageId: 'yaml', version: 1, text },
      });
      const ask = <T>(method: string, position: Place) =>
        connection.sendRequest<T>(`textDocument/${method}`, { textDocument: document, position });
      return {
        diagnostics: () => diagnosed,
        async hover(position) {
          const found = await ask<{ contents: { value: string } } | null>('hover', position);
          return found?.contents.value ?? '';
        },
        async complete(position) {
          const { items } = await ask<{ items: readonly Suggestion[] }>('completion', position);
          return new Map(items.map(({ label, documentation = '' }) => [label, textOf(documentation)]));
        },
      };
    },
    async close(): Promise<void> {
      connection.dispose();
      server.kill('SIGKILL');
      await exit;
    },
  };
}

function textOf(documentation: string | { readonly value: string }): string {
  return typeof documentation === 'string' ? documentation : documentation.value;
}
