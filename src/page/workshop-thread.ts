/**
 * The workshop worker's thread: begun when the workshop is opened first, and kept.
 *
 * Above: station-worker.ts. Knows nothing of what is said.
 */
import type { EditingCommands } from '#engine/link/editing-link.ts';
import { connect } from '#engine/link/wire.ts';
import type { EditingPort } from '#ui/station-port.ts';
import address from '../workshop-worker/main.ts?worker&url';
import { trustedScript } from './bench-thread.ts';

let port: EditingPort | null = null;

export function openWorkshop(): EditingPort {
  return (port ??= connect<EditingCommands, never>(
    new Worker(trustedScript(address), { type: 'module', name: 'workshop' }),
  ));
}
