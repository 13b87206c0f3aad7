/**
 * TofuPilot as the outbox sees it: post a run, look one up, see whether the server is there; files are in files.ts.
 *
 * Stands on request.ts; every answer is a value sorted by what may be done next. Knows nothing of rows, waiting or
 * retrying: the outbox decides.
 */
import type { LookupAnswer, PostAnswer, ReachAnswer, RunCarrier } from '#sync/outbox/ports.ts';
import { recordOf } from '#sync/tofupilot/answer.ts';
import { SERVER_HEADER } from '#sync/tofupilot/attempt.ts';
import { createFiles } from '#sync/tofupilot/files.ts';
import { lookUp } from '#sync/tofupilot/lookup.ts';
import { type CarrierOptions, type Outcome, Requests } from '#sync/tofupilot/request.ts';

export type Connection = 'online' | 'offline' | 'refused';

export function createCarrier(options: CarrierOptions): RunCarrier {
  const requests = new Requests(options);
  return {
    post: async (body, signal) => postAnswer(await requests.post('/v2/runs', body, signal)),
    lookup: (run, signal): Promise<LookupAnswer> => lookUp(requests, run, signal),
    reach: (signal) => reach(requests, signal),
    meet: (signal) => meet(requests, signal),
    files: createFiles(requests),
    serverTime: () => requests.serverTime(),
  };
}

function postAnswer(outcome: Outcome): PostAnswer {
  switch (outcome.kind) {
    case 'ok': {
      const { id } = recordOf(outcome.json);
      if (typeof id === 'string' && id !== '') return { kind: 'created', remoteId: id };
      return { kind: 'doubtful', message: 'The server accepted the run but named no id.' };
    }
    case 'network':
      // `fetch` cannot prove that nothing was delivered.
      return { kind: 'doubtful', message: outcome.message };
    case 'throttled':
      return outcome.isHearsay ? { ...outcome, kind: 'doubtful' } : outcome;
    case 'unauthorised':
    case 'payment':
      return outcome.isHearsay ? { kind: 'doubtful', message: outcome.message } : outcome;
    default:
      return outcome;
  }
}

async function reach(requests: Requests, signal: AbortSignal): Promise<ReachAnswer> {
  const station = await requests.get('/v2/stations/current', signal);
  // A person's key stands for no station; it may ask for that person instead.
  const outcome =
    station.kind === 'rejected' && station.status === 403
      ? await requests.get('/v2/users?current=true', signal)
      : station;
  return reachAnswer(outcome);
}

/** The relay says by itself which process it is, and the API does not feel it. */
async function meet(requests: Requests, signal: AbortSignal): Promise<ReachAnswer> {
  if (requests.isServerKnown) return { kind: 'online' };
  const answer = reachAnswer(await requests.get('/reach', signal));
  if (answer.kind !== 'online' || requests.isServerKnown) return answer;
  return {
    kind: 'offline',
    message: `The answer does not say which server process it comes from: a proxy takes the header ${SERVER_HEADER} away.`,
  };
}

function reachAnswer(outcome: Outcome): ReachAnswer {
  switch (outcome.kind) {
    case 'ok':
    // It answered, and not about the key: an older server without this address, a role without this right.
    case 'rejected':
      return { kind: 'online' };
    case 'doubtful':
    case 'network':
      return { kind: 'offline', message: outcome.message };
    default:
      return outcome;
  }
}

/** A look in the three words of the header. */
export function connectionOf(answer: ReachAnswer): Connection {
  switch (answer.kind) {
    case 'online':
    // A server that asks for patience is there.
    case 'throttled':
      return 'online';
    case 'offline':
      return 'offline';
    case 'unauthorised':
    case 'payment':
      return 'refused';
  }
}
