/**
 * Door: the worker that searches the history, so that neither a screen nor a run ever waits for a search.
 *
 * Only reads. Started when a person opens a screen that needs it. Builds the real things and hands them in.
 */
import { systemClock } from '#base/clock.ts';
import type { HistoryCommands, HistoryNews } from '#engine/link/history-link.ts';
import { serve } from '#engine/link/wire.ts';
import { openReading } from '#storage/store/open-reading.ts';
import { FindDesk } from './find-desk.ts';

const desk = new FindDesk({ open: () => openReading(), clock: systemClock, onChange: () => tell({ kind: 'changed' }) });

const tell = serve<HistoryCommands, HistoryNews>(self, {
  find: (text, anchor) => desk.find(text, anchor),
  lines: (found, from) => desk.lines(found, from),
  ids: (found, limit) => desk.ids(found, limit),
  choices: () => desk.choices(),
  ofUnit: (serial) => desk.ofUnit(serial),
  earlier: (run, limit) => desk.earlier(run, limit),
});

void desk.run(new AbortController().signal);
