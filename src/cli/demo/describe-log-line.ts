/** Makes one readable line of a JSON log line of the daemon, for those a newcomer wants to see. Pure. */

interface LogLine {
  readonly msg?: unknown;
  readonly method?: unknown;
  readonly path?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly logid?: unknown;
}

/** Undefined for lines that are not about an answer of the platform. */
export function describeLogLine(text: string): string | undefined {
  const line = parse(text);
  if (line?.msg !== 'coze api call') return undefined;
  const request = `${String(line.method).padEnd(6)} ${line.path}`;
  return `${request.padEnd(46)} HTTP ${line.status}, code ${line.code}, logid ${line.logid}`;
}

function parse(text: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
