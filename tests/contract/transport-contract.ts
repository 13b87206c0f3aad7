/**
 * What every transport must do, whatever its wire: one acceptance suite for transport.ts.
 *
 * Run by each implementation's own test with a factory. Numbers are those of src/hardware/transport/RULES.md.
 */
import { describe, expect, test } from 'vitest';
import type { Transport, TransportEvent } from '#hardware/transport/transport.ts';

export interface TransportUnderTest {
  /** Closed. */
  readonly transport: Transport;
  /** Bytes from the device. */
  send(bytes: Uint8Array): void;
  lineError(): void;
  /** The wire is gone. */
  cut(): void;
  /** What the device got so far. */
  received(): readonly number[];
  /** Lets everything run that is ready to run. */
  settle(): Promise<void>;
  /** Whether another could open the device now. */
  isFree(): boolean;
}

export function transportContract(name: string, make: () => TransportUnderTest): void {
  const codeOf = (thrown: { code?: string }) => thrown.code ?? String(thrown);
  const never = new AbortController().signal;
  const opened = async () => {
    const wire = make();
    const events: TransportEvent[] = [];
    wire.transport.onEvent((event) => events.push(event));
    await wire.transport.open(never);
    const data = () => events.flatMap((event) => (event.kind === 'data' ? [...event.bytes] : []));
    const kinds = () =>
      events.map(({ kind }) => kind).filter((kind, i, all) => kind !== 'data' || all[i - 1] !== 'data');
    return { ...wire, events, data, kinds };
  };

  describe(`transport contract: ${name}`, () => {
    test('rule 1: closed, open, closed', async () => {
      const { transport } = make();
      expect(transport.state).toBe('closed');
      const opening = transport.open(never);
      await opening;
      expect(transport.state).toBe('open');
      await transport.close();
      expect(transport.state).toBe('closed');
      expect(transport.label).not.toBe('');
    });

    test('rule 1: a transport that is open is not opened again', async () => {
      const { transport } = await opened();
      await expect(transport.open(never)).rejects.toMatchObject({ code: 'not-open' });
      expect(transport.state).toBe('open');
      await transport.close();
    });

    test('rule 1: after it was closed it can be opened again, and hears again', async () => {
      const { transport, send, settle, data } = await opened();
      await transport.close();
      await transport.open(never);
      send(Uint8Array.of(1, 2));
      await settle();
      expect(data()).toEqual([1, 2]);
      await transport.close();
    });

    test('rule 2: bytes arrive in order, whole, whatever their values', async () => {
      const { transport, send, settle, data } = await opened();
      const all = Uint8Array.from({ length: 2048 }, (_, i) => i % 256);
      for (let at = 0; at < all.length; at += 100) send(all.slice(at, at + 100));
      await settle();
      expect(data()).toEqual([...all]);
      await transport.close();
    });

    test('rule 2: a line error is an event in its place, and reading goes on (pitfall 4)', async () => {
      const { transport, send, lineError, settle, kinds, data } = await opened();
      send(Uint8Array.of(1));
      await settle();
      lineError();
      await settle();
      send(Uint8Array.of(2));
      await settle();
      expect(kinds()).toEqual(['data', 'line-error', 'data']);
      expect(data()).toEqual([1, 2]);
      expect(transport.state).toBe('open');
      await transport.close();
    });

    test('rule 2: the times of events never run backwards', async () => {
      const { transport, send, settle, events } = await opened();
      for (let i = 0; i < 5; i++) {
        send(Uint8Array.of(i));
        await settle();
      }
      const times = events.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      await transport.close();
    });

    test('rule 3: writes reach the device in the order in which they were asked for', async () => {
      const { transport, received, settle } = await opened();
      await Promise.all([1, 2, 3, 4, 5].map((byte) => transport.write(Uint8Array.of(byte, byte), never)));
      await settle();
      expect(received()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
      await transport.close();
    });

    test('rule 3: only the bytes of the view are written (pitfall 47)', async () => {
      const { transport, received, settle } = await opened();
      await transport.write(new Uint8Array([9, 9, 1, 2, 9]).subarray(2, 4), never);
      await settle();
      expect(received()).toEqual([1, 2]);
      await transport.close();
    });

    test('rule 3: a write is refused when not open', async () => {
      const { transport } = make();
      await expect(transport.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'not-open' });
    });

    test('rule 4: a signal that is aborted already stops opening and writing', async () => {
      const gone = AbortSignal.abort('stop');
      const closed = make();
      await expect(closed.transport.open(gone)).rejects.toMatchObject({ code: 'aborted' });
      expect(closed.transport.state).toBe('closed');
      const { transport, received, settle } = await opened();
      await expect(transport.write(Uint8Array.of(1), gone)).rejects.toMatchObject({ code: 'aborted' });
      await settle();
      expect(received()).toEqual([]);
      await transport.close();
    });

    test('rule 5: a lost wire says so once, and nothing comes after it', async () => {
      const { transport, send, cut, settle, kinds } = await opened();
      send(Uint8Array.of(1));
      await settle();
      cut();
      await settle();
      send(Uint8Array.of(2));
      await settle();
      expect(kinds()).toEqual(['data', 'lost']);
      expect(transport.state).toBe('lost');
    });

    test('rule 5: lost is for ever: no write, no opening, and closing keeps it (pitfall 10)', async () => {
      const { transport, cut, settle } = await opened();
      cut();
      await settle();
      await expect(transport.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'lost' });
      await transport.close();
      await expect(transport.open(never)).rejects.toMatchObject({ code: 'lost' });
      expect(transport.state).toBe('lost');
    });

    test('rule 6: close never throws, may be called twice, before opening and while lost', async () => {
      await make().transport.close();
      const { transport, isFree } = await opened();
      await Promise.all([transport.close(), transport.close()]);
      await transport.close();
      expect(isFree()).toBe(true);
      const lost = await opened();
      lost.cut();
      await Promise.all([lost.transport.close(), lost.transport.close()]);
      await lost.settle();
      expect(lost.isFree()).toBe(true);
    });

    test('rule 6: after close nothing is heard', async () => {
      const { transport, send, settle, events } = await opened();
      await transport.close();
      send(Uint8Array.of(1));
      await settle();
      expect(events).toEqual([]);
    });

    test('rule 16: a wire that is cut ends at once, and nothing that waited is sent any more', async () => {
      const { transport, received, settle, kinds, isFree } = await opened();
      const writes = [1, 2, 3].map((byte) => transport.write(Uint8Array.of(byte), never).catch(codeOf));
      transport.cut('emergency');
      expect(transport.state).toBe('lost');
      expect(kinds()).toEqual(['lost']);
      for (const end of await Promise.all(writes)) expect([undefined, 'lost']).toContain(end);
      await expect(transport.write(Uint8Array.of(4), never)).rejects.toMatchObject({ code: 'lost' });
      await transport.close();
      await settle();
      // The first may have been handed over already; those behind it had not been.
      expect(received().filter((byte) => byte > 1)).toEqual([]);
      expect(isFree()).toBe(true);
      expect(kinds()).toEqual(['lost']);
    });

    test('rule 16: cutting a closed wire does nothing', async () => {
      const { transport } = make();
      transport.cut('emergency');
      expect(transport.state).toBe('closed');
    });

    test('rule 2: a listener hears what comes after it came, and no more after it left', async () => {
      const { transport, send, settle } = await opened();
      send(Uint8Array.of(1));
      await settle();
      const heard: number[] = [];
      const leave = transport.onEvent((event) => event.kind === 'data' && heard.push(...event.bytes));
      send(Uint8Array.of(2));
      await settle();
      leave();
      send(Uint8Array.of(3));
      await settle();
      expect(heard).toEqual([2]);
      await transport.close();
    });
  });
}
