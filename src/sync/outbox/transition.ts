/**
 * The outbox's state machine: a row and what happened give the change of the row.
 *
 * Pure, and the only place that decides a state. drain.ts makes things happen; RULES.md says why. Knows nothing of
 * stores, servers or locks.
 */
import type { RunRow } from '#record/run-row.ts';
import { growingJitterMs, throttleMs } from '#sync/outbox/backoff.ts';
import type { LookupAnswer, PostAnswer, ServerTime } from '#sync/outbox/ports.ts';

export type OutboxEvent =
  /** A new drain begins, so whoever was sending this is gone. */
  | { readonly kind: 'drain-began' }
  /** About to be posted. */
  | { readonly kind: 'send' }
  | { readonly kind: 'posted'; readonly answer: PostAnswer }
  /** `began`: when the look-up was asked; what the server committed later it may not have seen. */
  | { readonly kind: 'looked-up'; readonly answer: LookupAnswer; readonly began: Instant }
  /** A request about its files is begun whose answer may be lost. */
  | { readonly kind: 'linking' }
  /** So many of its files are at the server. */
  | { readonly kind: 'files-sent'; readonly count: number }
  | { readonly kind: 'files-wait'; readonly untilMs: number; readonly message: string }
  | { readonly kind: 'files-linked' }
  /** Some of its files cannot be sent; the run itself has arrived. */
  | { readonly kind: 'files-refused'; readonly message: string }
  /** Its sealed bytes cannot be read on this machine. */
  | { readonly kind: 'unreadable' }
  /** A person asks for another try of a parked run. */
  | { readonly kind: 'retried' }
  /** A person has corrected what the server refused. */
  | { readonly kind: 'corrected'; readonly serial: string; readonly procedureId: string }
  /** A file has taken a copy along, at this ISO time: from now on another station may deliver it. */
  | { readonly kind: 'exported'; readonly at: string }
  /** It is about to lie in the picked folder too, from this ISO time on: whoever has the folder may deliver it. */
  | { readonly kind: 'copied'; readonly at: string }
  /** The file was not kept after all. */
  | { readonly kind: 'export-forgotten' }
  /** A receipt says under which id another station has delivered it, and whether with all of its files. */
  | { readonly kind: 'receipted'; readonly remoteId: string; readonly by: string; readonly isWhole: boolean };

export interface Instant {
  /** Wall clock. */
  readonly nowMs: number;
  readonly server?: ServerTime | null;
}

export interface Moment extends Instant {
  /** From 0 to 1. */
  readonly chance: number;
  /** Local calendar day. */
  readonly today: string;
  readonly ambiguousWaitMs: number;
}

/** @returns what changes; null when this event cannot happen in this state, and then nothing may be done */
export function transition(row: RunRow, event: OutboxEvent, moment: Moment): Partial<RunRow> | null {
  const change = changeOf(row, event, moment);
  if (!change || !hasCopies(row)) return change;
  // Two stations may hold this run: neither posts it without a look.
  if (event.kind === 'send') return { state: 'AMBIGUOUS', next_at_ms: moment.nowMs };
  return change.state === 'QUEUED' ? { ...change, state: 'AMBIGUOUS' } : change;
}

function changeOf(row: RunRow, event: OutboxEvent, moment: Moment): Partial<RunRow> | null {
  switch (event.kind) {
    case 'drain-began':
      return row.state === 'CREATING' ? doubtful('The upload was cut off.', moment) : null;
    case 'send':
      return row.state === 'QUEUED' ? creating(row, moment) : null;
    case 'posted':
      return row.state === 'CREATING' ? afterPost(row, event.answer, moment) : null;
    case 'looked-up':
      return row.state === 'AMBIGUOUS' ? afterLookup(row, event.answer, event.began, moment) : null;
    case 'linking':
      return row.state === 'ATTACHING' ? sentAt(moment) : null;
    case 'files-sent':
      return row.state === 'ATTACHING' ? { attached: event.count } : null;
    case 'files-wait':
      return row.state === 'ATTACHING'
        ? { next_at_ms: event.untilMs, upload_reason: noteOf(row) || event.message }
        : null;
    case 'files-linked':
      return row.state === 'ATTACHING' ? { ...delivered(row.remote_id, moment), upload_reason: noteOf(row) } : null;
    case 'files-refused':
      return row.state === 'ATTACHING' ? { state: 'PARKED', next_at_ms: 0, upload_reason: event.message } : null;
    case 'unreadable':
      return row.state === 'QUEUED' || row.state === 'AMBIGUOUS'
        ? { state: 'PARKED', upload_reason: 'What was sealed for this run cannot be read on this machine.' }
        : null;
    case 'retried':
      return row.state === 'PARKED' ? retried(row) : null;
    case 'corrected':
      return isCorrectable(row)
        ? {
            ...retried(row),
            serial_number: event.serial,
            serial_key: event.serial.toUpperCase(),
            procedure_id: event.procedureId,
          }
        : null;
    case 'exported':
      return isUndelivered(row)
        ? { ...(row.state === 'QUEUED' ? { state: 'AMBIGUOUS' } : {}), exported_at: event.at }
        : null;
    case 'copied':
      // What is on the wire is marked when its answer is here.
      return isUndelivered(row) && row.state !== 'CREATING'
        ? { ...(row.state === 'QUEUED' ? { state: 'AMBIGUOUS' } : {}), copied_at: event.at }
        : null;
    case 'export-forgotten':
      return isUndelivered(row) ? { exported_at: undefined } : null;
    case 'receipted':
      return isUndelivered(row) ? receipted(row, event, moment) : null;
  }
}

/** Another copy of it is or was somewhere else: another station, a file, the picked folder, or a store that is gone. */
export function isElsewhere(row: RunRow): boolean {
  return hasCopies(row) || row.came_back === true;
}

/** Somebody else may deliver it. */
function hasCopies({ exported_at, carried_from, copied_at }: RunRow): boolean {
  return exported_at !== undefined || carried_from !== undefined || copied_at !== undefined;
}

/**
 * Nothing of it may be anywhere under the name that it had: not at the server, not in a file that has left. The copy in the
 * picked folder is replaced, and should somebody have opened it, the look-up before the next POST finds what came of it.
 */
function isCorrectable({ state, remote_id, sent_at_ms, exported_at, carried_from }: RunRow): boolean {
  const isHere = remote_id === '' && sent_at_ms === 0 && exported_at === undefined && carried_from === undefined;
  return state === 'PARKED' && isHere;
}

function isUndelivered({ state }: RunRow): boolean {
  return state !== 'RUNNING' && state !== 'DELIVERED';
}

function afterPost(row: RunRow, answer: PostAnswer, moment: Moment): Partial<RunRow> {
  switch (answer.kind) {
    case 'created':
      return arrived(row, answer.remoteId, moment);
    case 'throttled':
      return {
        state: 'QUEUED',
        next_at_ms: moment.nowMs + throttleMs(answer.retryAfterMs, row.attempts, moment.chance),
        upload_reason: answer.message,
      };
    case 'doubtful':
      return doubtful(answer.message, moment);
    case 'rejected':
      // No POST begins before an earlier one can have arrived (4), and this one was refused: nothing is there.
      // Unless it was refused by hearsay: then its time stays, and it is looked up before it is sent again.
      return refused(answer.message, answer.isHearsay ? row.sent_at_ms : 0);
    case 'unauthorised':
    case 'payment':
      return { state: 'QUEUED', next_at_ms: 0, upload_reason: answer.message };
  }
}

function refused(message: string, sentAtMs: number): Partial<RunRow> {
  return { state: 'PARKED', next_at_ms: 0, sent_at_ms: sentAtMs, upload_reason: message };
}

function afterLookup(row: RunRow, answer: LookupAnswer, began: Instant, moment: Moment): Partial<RunRow> {
  const { nowMs, chance, ambiguousWaitMs } = moment;
  switch (answer.kind) {
    case 'found': {
      const [oldest, ...others] = answer.remoteIds;
      if (oldest === undefined) return doubtful(row.upload_reason, moment);
      return arrived(row, oldest, moment, doubled(others));
    }
    case 'absent': {
      const passed = passedMs(row, began);
      // Posted before the server's clock was known, and known now: this machine's alone is not believed.
      const untimed = row.attempts > 0 && row.sent_server_ms === undefined && (began.server ?? null) !== null;
      if (passed >= ambiguousWaitMs && !untimed) return creating(row, moment);
      // A clock that was set says nothing about how long ago the POST was: the wait begins anew.
      if (passed < 0 || untimed) return { state: 'AMBIGUOUS', ...sentAt(moment), next_at_ms: nowMs + ambiguousWaitMs };
      return { state: 'AMBIGUOUS', next_at_ms: began.nowMs + ambiguousWaitMs - passed };
    }
    case 'failed':
      return {
        state: 'AMBIGUOUS',
        next_at_ms: nowMs + growingJitterMs(nowMs - row.sent_at_ms, chance),
        upload_reason: answer.message,
      };
    case 'throttled':
      return {
        state: 'AMBIGUOUS',
        next_at_ms: nowMs + throttleMs(answer.retryAfterMs, row.attempts, chance),
        upload_reason: answer.message,
      };
    case 'unauthorised':
    case 'payment':
      return { state: 'AMBIGUOUS', next_at_ms: 0, upload_reason: answer.message };
  }
}

/**
 * How long ago the POST was, at the least. Both clocks must say so: this machine's may be set forward, and the
 * server's may be told by a proxy.
 */
export function passedMs(row: RunRow, at: Instant): number {
  const byWallMs = at.nowMs - row.sent_at_ms;
  if (row.sent_server_ms === undefined || !at.server) return byWallMs;
  return Math.min(byWallMs, at.server.earliestMs - row.sent_server_ms);
}

function creating(row: RunRow, moment: Moment): Partial<RunRow> {
  return { state: 'CREATING', attempts: row.attempts + 1, ...sentAt(moment) };
}

function sentAt({ nowMs, server }: Instant): Partial<RunRow> {
  return { sent_at_ms: nowMs, sent_server_ms: server?.latestMs };
}

/** Looked up at once: most lost answers are found by the first look. */
function doubtful(message: string, { nowMs }: Moment): Partial<RunRow> {
  return { state: 'AMBIGUOUS', next_at_ms: nowMs, upload_reason: message };
}

function receipted(
  row: RunRow,
  { remoteId, by, isWhole }: Extract<OutboxEvent, { kind: 'receipted' }>,
  moment: Moment,
): Partial<RunRow> | null {
  const reason = `Delivered by ${by}, as its receipt says.`;
  if (isWhole) return { ...delivered(row.remote_id || remoteId, moment), upload_reason: reason };
  return row.remote_id === '' ? arrived(row, remoteId, moment, reason) : null;
}

/** The server has the run: with that it is delivered, unless files go with it. */
function arrived(row: RunRow, remoteId: string, moment: Moment, reason = ''): Partial<RunRow> {
  if ((row.attachments ?? 0) === 0) return { ...delivered(remoteId, moment), upload_reason: reason };
  return { state: 'ATTACHING', remote_id: remoteId, next_at_ms: moment.nowMs, upload_reason: reason };
}

function delivered(remoteId: string, { today }: Moment): Partial<RunRow> {
  return { state: 'DELIVERED', remote_id: remoteId, delivered_day: today, next_at_ms: 0, upload_reason: '' };
}

/** Should the server have it more than once after all, that is said and not hidden. */
function doubled(others: readonly string[]): string {
  return others.length === 0 ? '' : `${DOUBLED}${others.join(', ')}.`;
}

const DOUBLED = 'TofuPilot also holds this run as ';

/** What must stay said while its files are sent. */
function noteOf({ upload_reason: reason }: RunRow): string {
  return reason.startsWith(DOUBLED) ? reason : '';
}

/** Some POST of it may have had a doubtful answer: then it is looked up first. */
function retried(row: RunRow): Partial<RunRow> {
  if (row.remote_id !== '') return { state: 'ATTACHING', next_at_ms: 0, upload_reason: '' };
  return { state: row.sent_at_ms > 0 ? 'AMBIGUOUS' : 'QUEUED', next_at_ms: 0, upload_reason: '' };
}
