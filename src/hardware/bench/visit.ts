/**
 * A visit to a device that no plug has: who it is, asked in all the ways in which instruments are spoken to, and then
 * whatever a person says to it.
 *
 * Made by create-bench.ts, which keeps the search away from the device meanwhile. Bytes go out and come back as they are:
 * an answer is what comes until the device is quiet. Below: a transport. Knows nothing of procedures, and of any safe state.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { RealDevice } from '#hardware/bench/device-host.ts';
import { resourceFor, waysOf, type LineEnd, type VisitWay } from '#hardware/bench/visit-way.ts';
import { latin1FromBytes } from '#hardware/protocol/byte-text.ts';
import { logged, WireLog } from '#hardware/transport/wire-log.ts';
import type { WireRecording } from '#hardware/transport/wire-recording.ts';
import type { HardwareCode, Transport } from '#hardware/transport/transport.ts';
import { unlessAborted } from '#hardware/waiting.ts';

/** What came of asking who it is. */
export interface Visited {
  /** In which it answered, or may be spoken to. */
  readonly way: VisitWay;
  /** Empty: it did not say who it is. */
  readonly answer: string;
  /** What it printed without being asked, or besides; empty where that was nothing. */
  readonly printed: string;
  /** It sends back what it is told, as a console does. */
  readonly echoes: boolean;
}

export interface VisitOptions {
  readonly device: Pick<RealDevice, 'usb' | 'mayCarry' | 'transport'>;
  readonly clock: Clock;
}

const IDENTITY_QUERY = '*IDN?';
/** An instrument answers who it is within a few ten milliseconds; at 4800 baud its fifty bytes take 100 ms more. */
const IDENTITY_LIMIT_MS = 400;
/** Between two pieces of one answer: an adapter holds bytes for 16 ms, a slow instrument thinks for some more. */
const QUIET_MS = 150;
/** What a person asks may measure for this long. */
const ANSWER_LIMIT_MS = 10_000;
/** What is no question is mostly not answered; an echo or a complaint comes at once. */
const ECHO_LIMIT_MS = 300;
/** More than any answer that a person reads. */
const MOST_TEXT = 20_000;
/** So much of an answer must be letters and signs: at a wrong speed hardly any is. */
const LEAST_READABLE = 0.95;
const SHORTEST_NAME = 4;
/** In which a device is tried: the first that it can be. */
const KINDS = ['usbtmc', 'serial', 'usb_serial', 'usb'] as const;

/**
 * @param stated the only way in which it is asked; null: all usual ones
 * @throws {HardwareFault} `unsupported` for what has no wire that a page can use; `busy`, `permission-needed`, `lost`, `aborted`
 */
export async function explore(options: VisitOptions, stated: VisitWay | null, signal: AbortSignal): Promise<Visit> {
  const ways = stated ? [stated] : waysOf(kindOf(options.device));
  let best: Visited | null = null;
  for (const way of ways) {
    const visit = await openVisit(options, way, signal);
    try {
      const visited = await visit.ask(stated === null, signal);
      if (visited.answer !== '') return visit;
      if (!best || visited.printed.length > best.printed.length) best = visited;
    } catch (thrown) {
      await visit.close();
      throw thrown;
    }
    await visit.close();
  }
  // Nobody said who it is: it is left open as what it printed at, or as most are.
  return openVisit(options, best!.printed === '' ? ways[0]! : best!.way, signal, best!);
}

async function openVisit(
  { device, clock }: VisitOptions,
  way: VisitWay,
  signal: AbortSignal,
  known?: Visited,
): Promise<Visit> {
  const resource = resourceFor(way, device.usb);
  if (!device.mayCarry(resource)) throw noWire(device.usb);
  const bare = device.transport(resource);
  const log = new WireLog(bare);
  const visit = new Visit(
    logged(bare, log, () => clock.monotonicMs()),
    log,
    clock,
    {
      ...(known ?? { answer: '', printed: '', echoes: false }),
      way,
    },
  );
  // Also long after it was opened: an emergency stop waits for nothing.
  signal.addEventListener('abort', () => visit.cut(), { once: true });
  await visit.open(signal);
  return visit;
}

export class Visit {
  readonly #transport: Transport;
  readonly #log: WireLog;
  readonly #clock: Clock;
  #visited: Visited;
  #heard = '';
  #hasEnded = false;
  #onHeard: () => void = () => undefined;

  constructor(transport: Transport, log: WireLog, clock: Clock, visited: Visited) {
    this.#transport = transport;
    this.#log = log;
    this.#clock = clock;
    this.#visited = visited;
    transport.onEvent((event) => {
      if (event.kind === 'data') {
        this.#heard = (this.#heard + latin1FromBytes(event.bytes)).slice(-MOST_TEXT);
        this.#hasEnded ||= event.end === true;
      }
      this.#onHeard();
    });
  }

  get visited(): Visited {
    return this.#visited;
  }

  get isLost(): boolean {
    return this.#transport.state !== 'open';
  }

  async open(signal: AbortSignal): Promise<void> {
    try {
      await this.#transport.open(signal);
      const { resetOnOpenMs } = this.#visited.way;
      if (resetOnOpenMs > 0) await this.#clock.sleep(resetOnOpenMs, signal);
    } catch (thrown) {
      await this.#transport.close();
      throw thrown;
    }
  }

  /** Who it is, in the way in which it is open now. @param findsEnd what ends a line is found out as well */
  async ask(findsEnd: boolean, signal: AbortSignal): Promise<Visited> {
    const { way } = this.#visited;
    const before = readable(this.#heard);
    const end = findsEnd ? '\n' : way.lineEnd;
    let text = readable(await this.#exchange(IDENTITY_QUERY + end, IDENTITY_LIMIT_MS, signal));
    const isEnough = text !== '';
    // To a device that waits for a carriage return the line ends here; the line feed in it is white space.
    if (findsEnd && !isEnough) text = readable(await this.#exchange('\r\n', IDENTITY_LIMIT_MS, signal));
    const { lines, echoes } = withoutEcho(text, IDENTITY_QUERY);
    // A console answers with a complaint or a prompt, and none of that is a name.
    const answer = echoes ? '' : (lines.find((line) => line.includes(',')) ?? longEnough(lines[0]));
    const lineEnd = (findsEnd && lineEndOf(text, isEnough)) || way.lineEnd;
    const printed = (before + (answer === '' ? text : '')).trim();
    return (this.#visited = { way: { ...way, lineEnd }, answer, printed, echoes });
  }

  /**
   * @returns what it said until it was quiet; null when it said nothing and was not asked
   * @throws {HardwareFault} `timeout` when a question has no answer, `lost`, `aborted`
   */
  async say(words: string, signal: AbortSignal): Promise<string | null> {
    const asks = words.includes('?');
    const limitMs = asks ? ANSWER_LIMIT_MS : ECHO_LIMIT_MS;
    const text = await this.#exchange(words + this.#visited.way.lineEnd, limitMs, signal);
    const answer = withoutEcho(text, words).lines.join('\n');
    if (answer !== '' || !asks) return answer === '' ? null : answer;
    throw new Fault<HardwareCode>(
      'timeout',
      `${this.#transport.label} did not answer “${words}” within ${ANSWER_LIMIT_MS / 1000} s.`,
      'Check the command, the speed of the line and what ends a line.',
    );
  }

  recording(sinceMs: number): WireRecording {
    return this.#log.recording(sinceMs);
  }

  /** Ends its wire before it returns. */
  cut(): void {
    this.#transport.cut('the talk was ended');
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #exchange(line: string, limitMs: number, signal: AbortSignal): Promise<string> {
    this.#heard = '';
    this.#hasEnded = false;
    await this.#transport.write(new TextEncoder().encode(line), signal, line.includes('?'));
    const deadlineMs = this.#clock.monotonicMs() + limitMs;
    for (;;) {
      if (this.isLost) throw gone(this.#transport.label);
      const before = this.#heard.length;
      const leftMs = deadlineMs - this.#clock.monotonicMs();
      if (this.#hasEnded || leftMs <= 0) return this.#heard;
      const hasNews = await this.#newsWithin(before === 0 ? leftMs : Math.min(QUIET_MS, leftMs), signal);
      if (!hasNews && before > 0) return this.#heard;
    }
  }

  async #newsWithin(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const timer = new AbortController();
    const news = new Promise<boolean>((resolve) => (this.#onHeard = () => resolve(true)));
    const late = this.#clock.sleep(limitMs, timer.signal).then(
      () => false,
      () => false,
    );
    try {
      return await unlessAborted(Promise.race([news, late]), signal);
    } finally {
      timer.abort();
      this.#onHeard = () => undefined;
    }
  }
}

function kindOf(device: VisitOptions['device']): VisitWay['kind'] {
  const canBe = (kind: VisitWay['kind']) =>
    device.mayCarry(resourceFor({ kind, lineEnd: '\n', resetOnOpenMs: 0 }, device.usb));
  const kind = KINDS.find(canBe);
  if (kind) return kind;
  throw noWire(device.usb);
}

/** Text as it came; empty when it is noise. */
function readable(text: string): string {
  const good = text.match(/[\x20-\x7e\r\n\t\xa0-\xff]/g)?.length ?? 0;
  const isPlain = (text.match(/[\xa0-\xff]/g)?.length ?? 0) <= text.length * (1 - LEAST_READABLE);
  return text !== '' && isPlain && good >= text.length * LEAST_READABLE ? text : '';
}

function withoutEcho(text: string, words: string): { readonly lines: readonly string[]; readonly echoes: boolean } {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  const echoes = lines[0]?.trim() === words;
  return { lines: echoes ? lines.slice(1) : lines, echoes };
}

/** At a wrong speed a few bytes may look like letters. */
function longEnough(line = ''): string {
  return line.length >= SHORTEST_NAME ? line : '';
}

/** @param isLineFeed a line feed alone was enough @returns null when the text has no end of a line */
function lineEndOf(text: string, isLineFeed: boolean): LineEnd | null {
  if (text.includes('\n')) return isLineFeed ? '\n' : '\r\n';
  return text.includes('\r') ? '\r' : null;
}

function noWire(usb: string): Fault<HardwareCode> {
  return new Fault<HardwareCode>(
    'unsupported',
    `The device ${usb} has nothing that a page can speak through.`,
    'Look whether it also has a serial port, and choose that.',
  );
}

function gone(label: string): Fault<HardwareCode> {
  return new Fault<HardwareCode>('lost', `${label} is gone.`, 'Plug it in again, then ask it anew.');
}
