import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { transportContract } from '../../../contract/transport-contract.ts';
import { FakeClock, flush } from '../../fake-clock.ts';

transportContract('simulated', () => {
  const received: number[] = [];
  let wire: PeerEnd | null = null;
  let detached: AbortSignal | null = null;
  const peer = {
    attach: (end: PeerEnd, signal: AbortSignal) => {
      wire = end;
      detached = signal;
    },
    receive: (bytes: Uint8Array) => received.push(...bytes),
  };
  return {
    transport: new SimulatedTransport('simulated fixture', peer, new FakeClock()),
    send: (bytes) => wire?.send(bytes),
    lineError: () => wire?.lineError('parity'),
    cut: () => wire?.cut('cut'),
    received: () => received,
    settle: flush,
    isFree: () => detached === null || detached.aborted,
  };
});
