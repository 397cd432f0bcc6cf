/** Runs podman, or podman-compose, as docs/packaging.md shows docker, and keeps what was typed and said. */
import { execFile } from 'node:child_process';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Podman {
  /** Runs one command to its end. */
  ask(...words: readonly string[]): Promise<Answer>;
  /** The same, where anything but success is an error; gives stdout without the line's end. */
  must(...words: readonly string[]): Promise<string>;
  /** Asks until it succeeds; rejects with the last answer when it never does. */
  until(...words: readonly string[]): Promise<string>;
  /** As `must`, for what only a test wants to know: it is not in the transcript. */
  look(...words: readonly string[]): Promise<string>;
  /** What was typed and said so far, as on a terminal. */
  transcript(): string;
}

const ASKED_MAX = 60;
/** Of a host without systemd, which would run the health check every 30 seconds. */
const NO_TIMER = /^time=.*systemd.*\n/gm;

export function openPodman(
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
  program: 'podman' | 'podman-compose' = 'podman',
): Podman {
  const env = { ...process.env, ...environment };
  let transcript = '';
  const run = (words: readonly string[]): Promise<Answer> =>
    new Promise((resolve) => {
      execFile(program, words, { cwd, env, encoding: 'utf8' }, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, stdout, stderr: stderr.replace(NO_TIMER, '') });
      });
    });
  const note = (words: readonly string[], { code, stdout, stderr }: Answer) => {
    const typed = words.map((word) => (/[\s{}]/.test(word) ? `'${word}'` : word)).join(' ');
    const ended = code === 0 ? '' : `(exit ${code})\n`;
    transcript += `$ ${program} ${typed}\n${stdout}${stderr}${ended}`.replaceAll(cwd, '$PWD');
  };
  const ask = async (...words: readonly string[]) => {
    const answer = await run(words);
    note(words, answer);
    return answer;
  };
  const insist = (words: readonly string[], { code, stdout, stderr }: Answer) => {
    if (code !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${code}\n${stdout}${stderr}`);
    return stdout.trimEnd();
  };
  return {
    ask,
    must: async (...words) => insist(words, await ask(...words)),
    async until(...words) {
      let last = await run(words);
      for (let asked = 1; last.code !== 0 && asked < ASKED_MAX; asked += 1) last = await run(words);
      note(words, last);
      return insist(words, last);
    },
    look: async (...words) => insist(words, await run(words)),
    transcript: () => transcript,
  };
}
