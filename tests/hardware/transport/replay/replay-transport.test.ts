/**
 * The acceptance suite twice: first over a logged simulated wire, then over the recordings of that, test by test.
 *
 * So a log changes nothing, and a replay is what was recorded.
 */
import { describe, expect, test } from 'vitest';
import { ScpiSession } from '#hardware/protocol/scpi-session.ts';
import { ReplayTransport } from '#hardware/transport/replay/replay-transport.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import type { Transport, TransportEvent } from '#hardware/transport/transport.ts';
import { logged, WireLog } from '#hardware/transport/wire-log.ts';
import type { WireEntry, WireRecording } from '#hardware/transport/wire-recording.ts';
import { transportContract } from '../../../contract/transport-contract.ts';
import { FakeClock, flush } from '../../fake-clock.ts';

const never = new AbortController().signal;
/** By test, in the order in which the test makes its wires. */
const logs = new Map<string, WireLog[]>();
const testName = () => (expect.getState().currentTestName ?? '').split(' > ').at(-1)!;
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Each thing that happens has a time of its own, so that what comes in can be told apart by it. */
function paced(clock: FakeClock) {
  return { tick: () => clock.stall(1), settle: () => clock.advance(1) };
}

transportContract('a logged wire', () => {
  const received: number[] = [];
  const clock = new FakeClock();
  const { tick, settle } = paced(clock);
  let wire: PeerEnd | null = null;
  let detached: AbortSignal | null = null;
  const peer = {
    attach: (end: PeerEnd, signal: AbortSignal) => {
      wire = end;
      detached = signal;
    },
    receive: (part: Uint8Array) => received.push(...part),
  };
  const inner = new SimulatedTransport('simulated', peer, clock);
  const log = new WireLog(inner);
  logs.set(testName(), [...(logs.get(testName()) ?? []), log]);
  return {
    transport: logged(inner, log, () => clock.monotonicMs()),
    send: (part) => {
      tick();
      wire?.send(part);
    },
    lineError: () => {
      tick();
      wire?.lineError('parity');
    },
    cut: () => {
      tick();
      wire?.cut('cut');
    },
    received: () => received,
    settle,
    isFree: () => detached === null || detached.aborted,
  };
});

const replayed = new Map<string, number>();

transportContract('replay', () => {
  const clock = new FakeClock();
  const { tick, settle } = paced(clock);
  const made = replayed.get(testName()) ?? 0;
  replayed.set(testName(), made + 1);
  const recording = logs.get(testName())![made]!.recording();
  const transport = new ReplayTransport(recording, clock);
  const sent = recording.entries.flatMap((entry) => (entry.kind === 'out' ? [...entry.bytes] : []));
  return {
    transport,
    send: tick,
    lineError: tick,
    cut: tick,
    received: () => sent.slice(0, transport.counters.sentBytes),
    settle,
    isFree: () => transport.state !== 'open',
  };
});

const recordingOf = (entries: readonly WireEntry[]): WireRecording => ({
  format: 'fieldbench-wire-log',
  version: 1,
  label: 'serial 0403:6001',
  wire: 'stream',
  forgottenBytes: 0,
  entries,
});

function replay(entries: readonly WireEntry[]) {
  const clock = new FakeClock();
  const transport = new ReplayTransport(recordingOf(entries), clock);
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  return { clock, transport, events };
}

describe('a replay', () => {
  const ASKED: readonly WireEntry[] = [
    { kind: 'opened', atMs: 5000 },
    { kind: 'out', atMs: 5010, bytes: bytes('A?\n') },
    { kind: 'in', atMs: 5110, bytes: bytes('1\n') },
    { kind: 'out', atMs: 5200, bytes: bytes('B?\n') },
    { kind: 'in', atMs: 5205, bytes: bytes('2\n') },
  ];

  test('answers after the pause that was recorded, and not before it was asked', async () => {
    const { clock, transport, events } = replay(ASKED);
    await transport.open(never);
    await clock.advance(10_000);
    expect(events).toEqual([]);
    await transport.write(bytes('A?\n'), never);
    await clock.advance(99);
    expect(events).toEqual([]);
    await clock.advance(1);
    expect(events).toMatchObject([{ kind: 'data', bytes: bytes('1\n') }]);
  });

  test('borders of writes do not count', async () => {
    const { clock, transport, events } = replay(ASKED);
    await transport.open(never);
    for (const part of ['A', '?\n']) await transport.write(bytes(part), never);
    await clock.advance(100);
    expect(events).toHaveLength(1);
  });

  test('who sends something else has left the recording, and hears both', async () => {
    const { transport, events } = replay(ASKED);
    await transport.open(never);
    await transport.write(bytes('A!\n'), never);
    await flush();
    expect(events).toMatchObject([{ kind: 'lost', cause: 'the recording goes on with "?\\n", and "!\\n" was sent' }]);
    expect(transport.state).toBe('lost');
  });

  test('who sends more than was recorded hears that it has ended', async () => {
    const { clock, transport, events } = replay(ASKED.slice(0, 3));
    await transport.open(never);
    await transport.write(bytes('A?\n'), never);
    await clock.advance(100);
    await transport.write(bytes('B?\n'), never);
    await flush();
    expect(events.at(-1)).toMatchObject({ kind: 'lost', cause: expect.stringContaining('has ended') });
  });

  test('who is faster than the recording gets the answers in their order all the same', async () => {
    const { transport, events } = replay(ASKED);
    await transport.open(never);
    await transport.write(bytes('A?\nB?\n'), never);
    await flush();
    expect(events).toMatchObject([{ kind: 'data', bytes: bytes('1\n') }]);
  });

  test('a session runs over it as it did over the wire, message ends included', async () => {
    const clock = new FakeClock();
    const talk = async (transport: Transport) => {
      const session = new ScpiSession({ transport, clock, terminator: '\n', identityQuery: '*IDN?' });
      await transport.open(never);
      const identified = session.identify(() => true, never);
      await clock.advance(200);
      const answer = session.query('MEAS?', never);
      await clock.advance(200);
      const all = [await identified, await answer];
      session.close();
      await transport.close();
      return all;
    };
    let end: PeerEnd | null = null;
    const peer = {
      attach: (wire: PeerEnd) => void (end = wire),
      receive: (part: Uint8Array) => {
        const answer = String.fromCharCode(...part).startsWith('*IDN?') ? 'ACME,X,1,1\n' : '3.301\n';
        void clock.sleep(20).then(() => end?.send(bytes(answer)));
      },
    };
    const inner = new SimulatedTransport('simulated', peer, clock);
    const log = new WireLog(inner);
    const first = await talk(logged(inner, log, () => clock.monotonicMs()));
    expect(first[1]).toBe('3.301');
    expect(await talk(new ReplayTransport(log.recording(), clock))).toEqual(first);
  });
});
