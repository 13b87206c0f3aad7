/**
 * Files at TofuPilot: announced, stored, finalised, and linked to a run (tofupilot-api 7).
 *
 * Stands on request.ts; every answer is a value sorted by what may be done next. Knows nothing of rows and retrying.
 */
import type {
  FileCarrier,
  FinalizeAnswer,
  LinkAnswer,
  LinkedAnswer,
  SlotAnswer,
  StoreAnswer,
} from '#sync/outbox/ports.ts';
import { recordOf } from '#sync/tofupilot/answer.ts';
import type { Outcome, Requests, StorageOutcome } from '#sync/tofupilot/request.ts';

/** What storages and the relay say to an address that is unknown, used or too old. */
const EXPIRED = new Set([400, 401, 403, 404, 410]);
/** Too large, too long, a type that is not wanted: the same tomorrow. */
const FINAL = new Set([411, 413, 414, 415, 422]);

export function createFiles(requests: Requests): FileCarrier {
  return {
    slot: async (name, signal) => slotAnswer(await requests.post('/v2/attachments', JSON.stringify({ name }), signal)),
    store: async (address, bytes, contentType, signal) =>
      storeAnswer(await requests.upload(address, bytes, contentType, signal)),
    finalize: async (remoteId, signal) =>
      finalizeAnswer(await requests.post(`/v2/attachments/${encodeURIComponent(remoteId)}/finalize`, null, signal)),
    link: async (runRemoteId, remoteIds, signal) =>
      linkAnswer(await requests.patch(pathOf(runRemoteId), JSON.stringify({ attachments: remoteIds }), signal)),
    linked: async (runRemoteId, signal) => linkedAnswer(await requests.get(pathOf(runRemoteId), signal)),
  };
}

function pathOf(runRemoteId: string): string {
  return `/v2/runs/${encodeURIComponent(runRemoteId)}`;
}

function slotAnswer(outcome: Outcome): SlotAnswer {
  if (outcome.kind !== 'ok') return repeatable(outcome);
  const { id, upload_url: address } = recordOf(outcome.json);
  if (typeof id === 'string' && id !== '' && typeof address === 'string' && address !== '')
    return { kind: 'slot', remoteId: id, address };
  return { kind: 'failed', message: 'The server named no place for the file.' };
}

function storeAnswer(outcome: StorageOutcome): StoreAnswer {
  if (outcome.kind === 'network') return { kind: 'failed', message: outcome.message };
  const { status, html } = outcome;
  if (status >= 200 && status < 300 && !html) return { kind: 'stored' };
  const message = `The storage answered ${status}.`;
  if (FINAL.has(status)) return { kind: 'rejected', message };
  return { kind: EXPIRED.has(status) && !html ? 'expired' : 'failed', message };
}

function finalizeAnswer(outcome: Outcome): FinalizeAnswer {
  if (outcome.kind === 'ok') {
    if (typeof recordOf(outcome.json)['url'] === 'string') return { kind: 'finalized' };
    return { kind: 'failed', message: 'The server did not say that it has read the file.' };
  }
  if (outcome.kind === 'rejected' && outcome.status === 404) return { kind: 'unknown', message: outcome.message };
  return repeatable(outcome);
}

function linkAnswer(outcome: Outcome): LinkAnswer {
  switch (outcome.kind) {
    case 'ok':
      if (typeof recordOf(outcome.json)['id'] === 'string') return { kind: 'linked' };
      return { kind: 'doubtful', message: 'The server did not say that the files were linked.' };
    case 'network':
    case 'doubtful':
      return { kind: 'doubtful', message: outcome.message };
    case 'throttled':
      return outcome.isHearsay ? { ...outcome, kind: 'doubtful' } : outcome;
    default:
      return outcome.isHearsay ? { kind: 'doubtful', message: outcome.message } : outcome;
  }
}

function linkedAnswer(outcome: Outcome): LinkedAnswer {
  if (outcome.kind === 'rejected') return { kind: 'failed', message: outcome.message };
  if (outcome.kind !== 'ok') return repeatable(outcome);
  const { attachments } = recordOf(outcome.json);
  if (!Array.isArray(attachments))
    return { kind: 'failed', message: 'The server did not say which files the run has.' };
  const files = attachments.flatMap((one) => {
    const { id, name, size } = recordOf(one);
    if (typeof id !== 'string') return [];
    return [{ remoteId: id, name: typeof name === 'string' ? name : '', size: typeof size === 'number' ? size : null }];
  });
  return { kind: 'files', files };
}

/** Nothing here is worse for being done twice. */
function repeatable<K extends Exclude<Outcome, { kind: 'ok' }>>(
  outcome: K,
): Exclude<K, { kind: 'doubtful' | 'network' }> | { readonly kind: 'failed'; readonly message: string } {
  if (outcome.kind === 'doubtful' || outcome.kind === 'network') return { kind: 'failed', message: outcome.message };
  return outcome as Exclude<K, { kind: 'doubtful' | 'network' }>;
}
