/** Whatever a file holds, loading it ends in a configuration or in diagnostics that point into it, and never throws. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/lib/file-reader.ts';
import { createConfigurationValidator, loadConfiguration } from '../../src/source/load-configuration.ts';

const EXAMPLE = readFileSync(path.resolve(import.meta.dirname, '../../config.example.yaml'), 'utf8');
const FILE = 'callbackd.yaml';
const validator = await createConfigurationValidator();

async function mustPointInto(content: string | Uint8Array): Promise<void> {
  const files = createMemoryFiles(new Map([[FILE, content]]));
  const environment = { CREDENTIALS_DIRECTORY: '/run/credentials' };
  const loaded = await loadConfiguration({ path: FILE, environment, files, validator });
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (!loaded.ok) expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  const lines = new TextDecoder().decode(Buffer.from(content)).split(/\r\n|\r|\n/);
  for (const { position, length, related } of diagnostics) {
    for (const { file, line, column } of [position, ...(related ? [related.position] : [])]) {
      expect(file).toBe(FILE);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      expect(Math.min(line, column, length)).toBeGreaterThan(0);
    }
  }
}

it('holds for arbitrary bytes and texts', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), mustPointInto), {
    numRuns: 300,
    // A lone carriage return ends a line too, also before the byte that is not UTF-8.
    examples: [[Uint8Array.from([13, 128])]],
  });
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), mustPointInto), {
    numRuns: 300,
  });
});

it('holds for arbitrary values where the configuration belongs', async () => {
  const value = fc
    .anything({ withNullPrototype: false, maxDepth: 3 })
    .map((content) => JSON.stringify(content) ?? 'null');
  const field = fc.constantFrom(
    'coze',
    'reconcile',
    'state_dir',
    'status',
    'log',
    'include',
    'apps',
    'version',
    'x',
  );
  const text = fc
    .array(fc.tuple(field, value), { maxLength: 6 })
    .map((pairs) => pairs.map(([key, content]) => `${key}: ${content}\n`).join(''));
  await fc.assert(fc.asyncProperty(text, mustPointInto), { numRuns: 300 });
});

it('holds for the example with a stretch removed, repeated or replaced', async () => {
  const place = fc.nat(EXAMPLE.length);
  const filling = fc.oneof(
    fc.constantFrom(
      '',
      '\t',
      '  ',
      ': ',
      '- ',
      '[',
      '}',
      '"',
      '\n',
      '\r\n',
      '&a ',
      '*a',
      '!t ',
      '---\n',
      '<<: ',
      '\0',
      '|\n',
      '#',
    ),
    fc.string({ maxLength: 5 }),
    place.map((start) => EXAMPLE.slice(start, start + 40)),
  );
  const mutated = fc
    .tuple(place, fc.nat(60), filling)
    .map(([start, length, text]) => `${EXAMPLE.slice(0, start)}${text}${EXAMPLE.slice(start + length)}`);
  await fc.assert(fc.asyncProperty(mutated, mustPointInto), { numRuns: 150 });
});
