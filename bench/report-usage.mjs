// Preloaded into a measured process: writes its CPU time and peak memory, as the operating system counted
// them, when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakMb: maxRSS / 1_024 };
  writeFileSync(process.env.BENCH_REPORT, JSON.stringify(usage));
});
