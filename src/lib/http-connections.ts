/** The connections of a server: how many there may be, and which gives way to a new one. */

import type { Socket } from 'node:net';

/** `waiting`: for a request or the rest of one; `served`: a handler works for it; `written`: its client has to read. */
type ConnectionPhase = 'waiting' | 'served' | 'written';

export interface ConnectionTable {
  /** Where there are too many, another one is closed. */
  admit(socket: Socket): void;
  enter(socket: Socket, phase: ConnectionPhase): void;
}

interface Connection {
  readonly address: string | undefined;
  phase: ConnectionPhase;
  /** When it entered its phase, by a count of such events. */
  since: number;
}

/** Who gives way first: a client that nobody works for, then one that does not read, at last one that is served. */
const PHASES: readonly ConnectionPhase[] = ['waiting', 'written', 'served'];

export function createConnectionTable(connectionsMax: number): ConnectionTable {
  const table = new Map<Socket, Connection>();
  let events = 0;

  function makeRoom(): void {
    if (table.size < connectionsMax) return;
    const perAddress = new Map<string | undefined, number>();
    for (const { address } of table.values()) perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    const crowd = ({ address }: Connection) => perAddress.get(address) ?? 0;
    // The client with the most connections gives way before others do, its longest idle one first.
    const [first] = [...table].sort(
      ([, left], [, right]) =>
        PHASES.indexOf(left.phase) - PHASES.indexOf(right.phase) ||
        crowd(right) - crowd(left) ||
        left.since - right.since,
    );
    first?.[0].destroy();
    if (first !== undefined) table.delete(first[0]);
  }

  return {
    admit(socket) {
      makeRoom();
      events += 1;
      table.set(socket, { address: socket.remoteAddress, phase: 'waiting', since: events });
      socket.once('close', () => table.delete(socket));
    },
    enter(socket, phase) {
      const connection = table.get(socket);
      if (connection === undefined) return;
      events += 1;
      connection.phase = phase;
      connection.since = events;
    },
  };
}
