/** What the opening line of a command block says beside its language: how the block is run, or why it is not run here. */
import type { Page } from './pages.ts';

type CodeBlock = Page['blocks'][number];

/** The only reasons for a block not to be run by test/process/pages.test.ts, and who proves it instead. */
export const ELSEWHERE = {
  checkout: 'changes this checkout; .ci/run gives the commands of the README and CONTRIBUTING.md',
  systemd: 'needs a booted systemd; test/systemd runs the units on two of them',
  container: 'needs a container engine',
  platform: 'needs an account on the real platform',
} as const;

export type HowToRun =
  | { readonly kind: 'run'; readonly exit: number; readonly answer?: string }
  | { readonly kind: 'background' }
  | { readonly kind: 'elsewhere'; readonly reason: keyof typeof ELSEWHERE };

/** The blocks of a page that a reader would type. */
export function commandBlocks(page: Page): readonly CodeBlock[] {
  return page.blocks.filter(({ language }) => /^(sh|bash|shell|console|zsh|fish)$/.test(language));
}

/**
 * ```` ```sh ```` runs and ends with 0, `sh exit=3` with 3; `sh answer=yes` runs in a terminal and types that; `sh background`
 * is started and stays; `sh elsewhere=REASON` is not run. Anything else is refused.
 */
export function readMarker(page: string, { language, marker, line }: CodeBlock): HowToRun {
  if (language === 'sh') {
    if (marker === '') return { kind: 'run', exit: 0 };
    if (marker === 'background') return { kind: 'background' };
    const [, name = '', value = ''] = /^(\w+)=(\w+)$/.exec(marker) ?? [];
    if (name === 'exit' && /^\d+$/.test(value)) return { kind: 'run', exit: Number(value) };
    if (name === 'answer') return { kind: 'run', exit: 0, answer: value };
    if (name === 'elsewhere' && isReason(value)) return { kind: 'elsewhere', reason: value };
  }
  const known = 'sh, sh exit=N, sh answer=TEXT, sh background';
  const reasons = Object.keys(ELSEWHERE).map((reason) => `sh elsewhere=${reason}`);
  throw new Error(
    `${page}:${line}: \`${language} ${marker}\` is not known; take ${known}, ${reasons.join(', ')}`,
  );
}

function isReason(text: string): text is keyof typeof ELSEWHERE {
  return Object.hasOwn(ELSEWHERE, text);
}
