import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProcessTable } from './process-table.ts';

describe('the process table', () => {
  const table = createProcessTable(process.pid);

  it('tells the same start of a running process each time, and another one of another process', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const start = table.startOf(child.pid ?? 0);
    expect(start).toBeDefined();
    expect(table.startOf(child.pid ?? 0)).toBe(start);
    expect(table.startOf(process.pid)).not.toBe(start);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(table.startOf(child.pid ?? 0)).toBeUndefined();
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'counts a killed process that nobody collected as gone',
    async () => {
      // The shell starts a child, becomes a process that never collects it, and tells the child's pid.
      const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
      const [line] = await once(parent.stdout.setEncoding('utf8'), 'data');
      const pid = Number(line);
      expect(table.startOf(pid)).toBeDefined();
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => table.startOf(pid)).toBeUndefined();
      parent.kill('SIGKILL');
    },
  );
});
