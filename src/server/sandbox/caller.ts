/**
 * Who asks, by the key that was sent: any key of four characters is good, so that nothing has to be set up.
 *
 * `wrong-key` is refused, a key that begins with `user` stands for a person, every other one for a station. Knows
 * nothing of what the caller wants.
 */
import { createHash } from 'node:crypto';

export interface Caller {
  readonly kind: 'station' | 'user';
  readonly id: string;
  readonly name: string;
  /** The key as `GET /v2/stations/current` shows it: never whole. */
  readonly preview: string;
}

const SHORTEST_KEY = 4;

/** @returns undefined when the key is missing or refused */
export function callerOf(authorization: string | undefined): Caller | undefined {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined || key.length < SHORTEST_KEY || key === 'wrong-key') return undefined;
  const kind = key.startsWith('user') ? 'user' : 'station';
  const id = uuidFor(`${kind} ${key}`);
  const name = key === 'demo-key' ? 'demo-line1-001' : `${kind} ${id.slice(0, 8)}`;
  return { kind, id, name, preview: `${id.slice(0, 8)}...` };
}

/** The same text always gets the same id: nothing has to be remembered. */
export function uuidFor(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
