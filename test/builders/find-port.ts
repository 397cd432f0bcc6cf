/** Ports for what must know its address before it starts, or keep it over a restart. */
import { createServer } from 'node:net';

/** A port that was free just now. */
export function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
