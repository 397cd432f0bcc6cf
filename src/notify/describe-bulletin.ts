/** A bulletin in words, English or Chinese: a title and lines of plain text. What the plan says itself stays English. */

import type { NoticeKind } from '../model/settings.ts';
import type { Bulletin } from './bulletin.ts';
import type { Problem } from './problem.ts';

/** Where the message comes from. */
export interface Origin {
  readonly host: string;
  readonly endpoint: string;
  readonly version: string;
}

interface Words {
  readonly title: Readonly<Record<NoticeKind, string>>;
  readonly more: (count: number) => string;
  readonly standing: (count: number) => string;
  readonly over: string;
  readonly applied: string;
  readonly release: string;
  readonly configuration: string;
  readonly round: string;
}

const WORDS: Readonly<Record<'en' | 'zh', Words>> = {
  en: {
    title: {
      failing: 'something fails',
      held: 'a decision is needed',
      recovered: 'all is well again',
      applied: 'changes were made',
    },
    more: (count) => `and ${count} more`,
    standing: (count) => `Told before and still there: ${count}`,
    over: 'Over',
    applied: 'Applied',
    release: 'release it with',
    configuration: 'configuration',
    round: 'round',
  },
  zh: {
    title: {
      failing: '有操作失败',
      held: '需要人工决定',
      recovered: '已恢复正常',
      applied: '已完成变更',
    },
    more: (count) => `另有 ${count} 项`,
    standing: (count) => `此前已通知且仍未解决：${count} 项`,
    over: '已解决',
    applied: '已执行',
    release: '放行命令',
    configuration: '配置文件',
    round: '本轮同步',
  },
};

const LINES_MAX = 10;
const LINE_LENGTH_MAX = 400;
/** Feishu takes 20 KB; a character has three bytes at most. */
const TEXT_LENGTH_MAX = 5_000;

/** One text of a few lines; of each list the first ten. */
export function describeBulletin(bulletin: Bulletin, origin: Origin, language: 'en' | 'zh'): string {
  const words = WORDS[language];
  const { fresh, standing, over, applied } = bulletin;
  const counts = Object.entries(applied.counts).map(([action, count]) => `${action} ${count}`);
  const lines = [
    `callbackd@${origin.host}: ${words.title[bulletin.kind]} (${new URL(origin.endpoint).host})`,
    ...listSome(fresh, words, (problem) => `- ${describeProblem(problem, words)}`),
    ...(standing.length === 0 ? [] : [words.standing(standing.length)]),
    ...listSome(over, words, (problem) => `${words.over}: ${nameOf(problem, words)} ${problem.reason}`),
    ...(counts.length === 0 ? [] : [`${words.applied}: ${counts.join(', ')} (${applied.keys.join(', ')})`]),
  ];
  return lines.map(tidy).join('\n').slice(0, TEXT_LENGTH_MAX);
}

function listSome(
  problems: readonly Problem[],
  words: Words,
  describe: (problem: Problem) => string,
): readonly string[] {
  const lines = problems.slice(0, LINES_MAX).map(describe);
  const left = problems.length - lines.length;
  return left === 0 ? lines : [...lines, words.more(left)];
}

function describeProblem(problem: Problem, words: Words): string {
  const { reason, message, release, logid } = problem;
  const how = release === undefined || release === '' ? '' : ` — ${words.release}: ${release}`;
  return `${nameOf(problem, words)} ${reason}: ${message}${logid === undefined ? '' : ` (logid ${logid})`}${how}`;
}

function nameOf({ id, key }: Problem, words: Words): string {
  if (key !== null) return key;
  if (id === 'round') return words.round;
  return id.startsWith('configuration ') ? words.configuration : (id.split(' ')[1] ?? id);
}

/** On one line, of bounded length, without control characters. */
function tidy(line: string): string {
  const clean = line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return clean.length <= LINE_LENGTH_MAX ? clean : `${clean.slice(0, LINE_LENGTH_MAX)}…`;
}
