/** Private words that readers had to learn, with what to say instead. `test/tidy.test.ts` looks for them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

interface BannedWord {
  readonly what: RegExp;
  readonly instead: string;
  /** Public names, and quotes of what the program prints. Matched against `file: line`. */
  readonly except?: readonly RegExp[];
}

/** Stored names such as `condemned_at` are one word to `\b` and so are not matched. */
const BANNED_WORDS: readonly BannedWord[] = [
  {
    what: /\btwins?\b/i,
    instead: 'duplicate',
    except: [/^test\/scenarios\/intent-of-other-key\//],
  },
  { what: /\bnewborns?\b/i, instead: 'new app' },
  {
    what: /\bcondemn(s|ed|ing)?\b/i,
    instead: 'scheduled for deletion',
    except: [
      /^src\/record\/metric|^packaging\/grafana\//, // the metric callbackd_condemned_apps
      /t-condemned/, // an id in the page
    ],
  },
  { what: /\bmend(s|ed|ing)?\b/i, instead: 'fix' },
  { what: /\b(goes|go|going|went|gone) on\b/i, instead: 'continues' },
  { what: /\bbefalls?\b|\bbefell\b/i, instead: 'happens to' },
  { what: /\bsabotag/i, instead: 'broken on purpose' },
  { what: /\bpeace\b/i, instead: 'fault-free period' },
  { what: /\b(that|which) is no (?!longer|more|less)/i, instead: 'that is not a' },
  { what: /\bby whom\b/i, instead: 'by' },
  {
    what: /\b(is|are|what was) known of\b/i,
    instead: 'the data itself',
    except: [/nothing is known of an entry/],
  },
  { what: /\bthe house\b/i, instead: 'the code base, or other folders' },
  { what: /\btaken for granted\b/i, instead: 'assumed', except: [/^docs\/rehearsal\.md/] },
  { what: /\bfor good\b/i, instead: 'permanently' },
  { what: /\bstands? for (itself|themselves)\b/i, instead: 'say which' },
  { what: /\banew\b/i, instead: 'again' },
  { what: /\bbehind (its|his|her|their|everybody's) back/i, instead: 'drift' },
  { what: /\bspeaks? for (itself|themselves)\b/i, instead: 'say what it means' },
  { what: /\bby who \w+s\b/i, instead: 'by the caller' },
  { what: /^\s*(\/\*\*|\*|\/\/).*\b(goes|go) in\b.*\bcomes? out\b/i, instead: 'what the module is for' },
];

const ROOT = path.resolve(import.meta.dirname, '..');
const PLACES = [
  ...['src', 'web', 'man', 'test', 'docs', 'bench', 'scripts', 'schema', 'packaging', 'systemd'],
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'config.example.yaml', 'Dockerfile'],
];
const TEXT = /\.(ts|mjs|md|yaml|yml|json|service|sh|css|txt)$/;
/** The list itself, and files that past releases wrote. */
const LEFT_OUT = [/^test\/(banned-words\.ts|state-formats\/|file-formats\/)/];

/** Each banned word in the tree, as `file:line: word: what to say instead`. */
export function findBannedWords(): string[] {
  return PLACES.flatMap(filesBelow).flatMap((name) => {
    const lines = readFileSync(path.join(ROOT, name), 'utf8').split('\n');
    return lines.flatMap((line, index) =>
      BANNED_WORDS.filter(
        ({ what, except = [] }) => what.test(line) && !except.some((e) => e.test(`${name}: ${line}`)),
      ).map(({ what, instead }) => `${name}:${index + 1}: "${what.exec(line)?.[0]}": say ${instead}`),
    );
  });
}

function filesBelow(place: string): string[] {
  if (statSync(path.join(ROOT, place)).isFile()) return [place];
  return readdirSync(path.join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .map((name) => `${place}/${name.split(path.sep).join('/')}`)
    .filter((name) => TEXT.test(name) && !LEFT_OUT.some((part) => part.test(name)))
    .sort();
}
