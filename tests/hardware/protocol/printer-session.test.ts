import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHostStatus, statusTrouble } from '#hardware/protocol/printer/host-status.ts';
import { PrinterSession, type PrinterSessionOptions } from '#hardware/protocol/printer/printer-session.ts';
import { SimulatedTransport, type PeerEnd } from '#hardware/transport/simulated/simulated-transport.ts';
import { FakeClock, flush } from '../fake-clock.ts';

const never = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);
const READY = ['030,0,0,0812,000,0,0,0,000,0,0,0', '000,0,0,0,0,2,4,0,00000000,1,000', '1234,0'];
const LABEL = '^XA^FDSN-1^FS^XZ';

const WHO = 'ZD421,V84,8,8192KB';

/** A printer in the test's hand; `status` null: it never answers. */
class Printer {
  readonly got: string[] = [];
  status: readonly string[] | null = READY;
  /** null: it does not say who it is. */
  who: string | null = WHO;
  #end: PeerEnd | null = null;

  attach(end: PeerEnd): void {
    this.#end = end;
  }

  receive(sent: Uint8Array): void {
    const text = new TextDecoder().decode(sent);
    this.got.push(text);
    if (text === '~HI\r\n' && this.who) this.say([this.who]);
    if (text === '~HS\r\n' && this.status) this.say(this.status);
  }

  say(strings: readonly string[]): void {
    for (const one of strings) this.#end?.send(bytes(`\x02${one}\x03\r\n`));
  }

  noise(text: string): void {
    this.#end?.send(bytes(text));
  }

  cut(): void {
    this.#end?.cut('pulled');
  }
}

async function talk(options: Partial<PrinterSessionOptions> = {}) {
  const printer = new Printer();
  const clock = new FakeClock();
  const transport = new SimulatedTransport('printer', printer, clock);
  const session = new PrinterSession({
    transport,
    clock,
    language: 'zpl',
    baudRate: 9600,
    identityQuery: '',
    ...options,
  });
  await transport.open(never);
  const run = async <T>(asked: Promise<T>, ms = 1100): Promise<T | string> => {
    const settled = asked.catch((fault: { code: string }) => fault.code);
    await clock.advance(ms);
    return settled;
  };
  const print = (text = LABEL) => run(session.print(bytes(text), never));
  const labels = () => printer.got.filter((text) => !/^~H[SI]/.test(text));
  return { printer, clock, transport, session, run, print, labels };
}

/** Its status with one field changed: string, field, value. */
const with_ = (at: number, field: number, value: string) =>
  READY.map((text, index) => (index === at ? text.split(',').with(field, value).join(',') : text));

describe('rule 28: a printer of ZPL is asked before it prints', () => {
  test('one that is ready gets the label as it stands, and nothing else', async () => {
    const { print, printer } = await talk();
    expect(await print()).toBeUndefined();
    expect(printer.got).toEqual(['~HS\r\n', LABEL]);
  });

  test.each([
    ['no labels', with_(0, 1, '1'), 'is out of labels', 'Load labels.'],
    ['paused', with_(0, 2, '1'), 'is paused', 'Press its Pause button.'],
    ['open', with_(1, 2, '1'), 'is open', 'Close its print head.'],
    ['no ribbon', with_(1, 3, '1'), 'is out of ribbon', 'Load a ribbon.'],
  ])('%s: an error with what to do, and nothing is printed', async (_, status, words, remedy) => {
    const { session, printer, clock, labels } = await talk();
    printer.status = status;
    const refused = expect(session.print(bytes(LABEL), never)).rejects.toMatchObject({
      code: 'instrument-error',
      message: expect.stringContaining(words),
      remedy,
    });
    await clock.advance(10);
    await refused;
    expect(labels()).toEqual([]);
  });

  test('all that is wrong is said at once', () => {
    const status = readHostStatus([with_(0, 2, '1')[0]!, with_(1, 2, '1')[1]!])!;
    expect(statusTrouble(status)).toEqual({
      words: 'is open and is paused',
      remedy: 'Close its print head. Press its Pause button.',
    });
  });

  test('an answer that is no status prints nothing', async () => {
    const { print, printer, labels } = await talk();
    for (const strings of [['hello'], READY.slice(0, 1), with_(0, 1, '7'), with_(1, 2, '')]) {
      printer.status = strings;
      expect(await print()).toBe('protocol-error');
    }
    expect(labels()).toEqual([]);
  });

  test('whatever comes is read without a throw, and only a whole status counts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 80 }), { maxLength: 4 }), (strings) => {
        const status = readHostStatus(strings);
        if (status) expect(strings[0]!.split(',')).toHaveLength(12);
      }),
    );
  });
});

describe('rule 29: a printer that never answers', () => {
  test('is printed to after a second, and the run says so', async () => {
    const { print, printer, session, labels } = await talk();
    printer.status = null;
    expect(await print()).toBeUndefined();
    expect(labels()).toEqual([LABEL]);
    expect(session.takeLines()).toEqual(['it does not say its status; printed without']);
    expect(session.takeLines()).toEqual([]);
  });

  test('one that has answered before and is silent now prints nothing: out of labels, it may say nothing', async () => {
    const { print, printer, labels } = await talk();
    await print();
    printer.status = null;
    expect(await print()).toBe('timeout');
    expect(labels()).toEqual([LABEL]);
  });

  test('a late status is not taken for a new one', async () => {
    const { session, print, printer, clock, labels } = await talk();
    [printer.status, printer.who] = [null, null];
    await print();
    const second = session.print(bytes(LABEL), never).catch((fault: { code: string }) => fault.code);
    await flush();
    // First what the first question is still owed, then who it is, and only then the answer to what is asked after that.
    printer.say(READY);
    await flush();
    expect(printer.got.at(-1)).toBe('~HI\r\n');
    printer.say([WHO]);
    await flush();
    expect(printer.got.at(-1)).toBe('~HS\r\n');
    printer.say(with_(0, 1, '1'));
    await clock.advance(1100);
    expect(await second).toBe('instrument-error');
    expect(labels()).toEqual([LABEL]);
  });

  test('and neither is who it is, told later than it was waited for, taken for a part of one', async () => {
    const { session, print, printer, run, labels } = await talk();
    await print();
    [printer.status, printer.who] = [null, null];
    expect(await print()).toBe('timeout');
    // Asked who it is, twice, and answers both only now.
    expect(await print()).toBe('timeout');
    printer.status = READY;
    const third = session.print(bytes(LABEL), never);
    await flush();
    printer.say([WHO, WHO]);
    expect(await run(third)).toBeUndefined();
    expect(labels()).toEqual([LABEL, LABEL]);
  });

  test('one that does not say who it is, and missed one question, is asked for its status again after half a minute', async () => {
    const { print, printer, clock } = await talk();
    await print();
    [printer.status, printer.who] = [null, null];
    expect(await print()).toBe('timeout');
    printer.status = READY;
    expect(await print()).toBe('timeout');
    expect(printer.got.at(-1)).toBe('~HI\r\n');
    await clock.advance(30_000);
    expect(await print()).toBeUndefined();
  });

  test('a raw printer is asked nothing', async () => {
    const { print, printer, session, run } = await talk({ language: 'raw' });
    await print('N\nP1\n');
    expect(printer.got).toEqual(['N\nP1\n']);
    expect(await run(session.query('~HI', never))).toBe('unsupported');
  });
});

describe('the line', () => {
  test('who it is is asked only where the procedure says how', async () => {
    const asked = await talk({ identityQuery: '~HI' });
    expect(await asked.run(asked.session.identify((answer) => answer.startsWith('ZD421'), never))).toEqual({
      kind: 'match',
      answer: WHO,
    });
    const silent = await talk({ identityQuery: '~XX' });
    expect(await silent.run(silent.session.identify(() => true, never))).toEqual({ kind: 'silent' });
    const mute = await talk();
    expect(await mute.run(mute.session.identify(() => false, never))).toMatchObject({ kind: 'match' });
    expect(mute.printer.got).toEqual([]);
  });

  test('noise around an answer is nothing, and an answer in pieces is one', async () => {
    const { session, printer, clock } = await talk();
    printer.status = null;
    const printed = session.print(bytes(LABEL), never);
    await flush();
    for (const piece of ['\x00x', `\x02${READY[0]!.slice(0, 7)}`, `${READY[0]!.slice(7)}\x03\r\n`, '~'])
      printer.noise(piece);
    printer.say(READY.slice(1));
    await clock.advance(0);
    await expect(printed).resolves.toBeUndefined();
  });

  test('rule 8: a lost wire ends a label at once', async () => {
    const { session, printer } = await talk();
    printer.status = null;
    const printed = session.print(bytes(LABEL), never);
    await flush();
    printer.cut();
    await expect(printed).rejects.toMatchObject({ code: 'lost' });
  });

  test('rule 9: a label that is stopped while the printer is asked is not printed', async () => {
    const { session, printer, labels, clock } = await talk();
    printer.status = null;
    const stop = new AbortController();
    const printed = session.print(bytes(LABEL), stop.signal);
    await flush();
    stop.abort('enough');
    await expect(printed).rejects.toMatchObject({ code: 'aborted' });
    await clock.advance(2000);
    expect(labels()).toEqual([]);
  });

  test('rule 30: a printer that takes nothing is a fault, and what it holds of a label is cancelled before the next', async () => {
    const { session, transport, clock, run, labels } = await talk();
    await run(session.print(bytes(LABEL), never));
    const { write } = transport;
    transport.write = (sent, signal) =>
      sent.length > 5
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : write.call(transport, sent, signal);
    const stuck = session.print(bytes(LABEL), never).catch((fault: { code: string }) => fault.code);
    await clock.advance(30_000);
    expect(await stuck).toBe('timeout');
    transport.write = write;
    await run(session.print(bytes(LABEL), never));
    expect(labels().map((text) => text.replace(/\r\n$/, ''))).toEqual([LABEL, '~JX', LABEL]);
  });
});
