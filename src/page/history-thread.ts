/**
 * The history worker's thread: begun when a screen asks for it first, and kept, with all that it has read.
 *
 * Above: station-worker.ts. Knows nothing of what is said.
 */
import type { HistoryCommands, HistoryNews } from '#engine/link/history-link.ts';
import { connect } from '#engine/link/wire.ts';
import type { HistoryPort } from '#ui/station-port.ts';
import address from '../history-worker/main.ts?worker&url';
import { trustedScript } from './bench-thread.ts';

let port: HistoryPort | null = null;

export function openHistory(): HistoryPort {
  return (port ??= begin());
}

function begin(): HistoryPort {
  const thread = new Worker(trustedScript(address), { type: 'module', name: 'history' });
  const { call, on } = connect<HistoryCommands, HistoryNews>(thread);
  const listeners = new Set<(news: HistoryNews) => void>();
  on((news) => listeners.forEach((hear) => hear(news)));
  // Its file is gone, as after an update, or it has run out of memory.
  thread.addEventListener('error', () => {
    port = null;
    thread.terminate();
    const word = {
      code: 'history-ended',
      message: 'The search over the runs of this station has ended.',
      remedy: 'Try again; if this stays, reload the page. Units can be tested all the same.',
    };
    listeners.forEach((hear) => hear({ kind: 'ended', word }));
  });
  return {
    call,
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
