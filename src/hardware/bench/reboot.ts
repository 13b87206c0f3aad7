/**
 * An expected reboot: a device leaves and comes back, and that is no loss.
 *
 * It has left when its wire went, or when it did not answer who it is; it is back when it is bound again and says that it is
 * the same, or what the procedure says that it becomes. A console is not asked, since a key may stop its boot loader:
 * there a pattern in what it prints decides, or its wire. Above it: slot-view.ts. Below: plug-link.ts. Knows nothing of
 * phases, and of what makes a device reboot.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { ExpectedReboot } from '#hardware/bench/bench.ts';
import type { Place, Sighting } from '#hardware/bench/found-device.ts';
import { mayCarry } from '#hardware/bench/plug.ts';
import type { PlugLink } from '#hardware/bench/plug-link.ts';
import { wordsFor } from '#hardware/bench/plug-words.ts';
import { abortedFault } from '#hardware/transport/transport-faults.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';
import { withDeadline } from '#hardware/waiting.ts';

/** Between two looks: seldom enough for a device that is busy with its start, and shorter than most starts. */
const LOOK_PAUSE_MS = 100;

export interface RebootOptions {
  readonly link: PlugLink;
  /** What was checked before the run. */
  readonly checked: object | null;
  readonly expected: ExpectedReboot;
  /** What makes it reboot; begun once it may leave. */
  readonly cause: () => Promise<void>;
  /** Everything that is plugged in. */
  readonly present: () => Promise<readonly Place[]>;
  /** Resolves when nothing is being looked at that may be this plug. */
  readonly settled: () => Promise<unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** @throws {HardwareFault} `lost`, `timeout`, `identity-mismatch` with what was seen; `aborted`; what `cause` throws */
export async function awaitReboot(options: RebootOptions): Promise<void> {
  const { link, checked, expected, cause, clock, signal } = options;
  const deadlineMs = clock.monotonicMs() + expected.withinMs;
  const sighting = link.expectReboot(checked, expected.as);
  // Whatever is under way then: teardown finds the plug as it is.
  const onAbort = () => link.endReboot(sighting, false);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const watch = new Watch(options, sighting, deadlineMs);
    await watch.begin();
    await cause();
    await watch.untilBack();
    link.endReboot(sighting, true);
  } finally {
    signal.removeEventListener('abort', onAbort);
    link.endReboot(sighting, false);
  }
}

class Watch {
  readonly #options: RebootOptions;
  readonly #sighting: Sighting;
  readonly #deadlineMs: number;
  readonly #until: RegExp | null;
  #bystanders: ReadonlySet<Place> = new Set();
  /** Of a console: the line that had begun. */
  #stoodBefore = '';
  #fellSilent = false;
  /** What another answered over the wire that stayed. */
  #other: string | null = null;

  constructor(options: RebootOptions, sighting: Sighting, deadlineMs: number) {
    this.#options = options;
    this.#sighting = sighting;
    this.#deadlineMs = deadlineMs;
    const { until } = options.expected;
    this.#until = until === undefined ? null : new RegExp(until);
  }

  async begin(): Promise<void> {
    const { link, present, signal } = this.#options;
    const own = link.candidate;
    this.#bystanders = new Set((await present()).filter((place) => place !== own));
    link.form.pass(this.#bystanders);
    if (!this.#until || !link.ready) return;
    await link.instrument(null).set('log', 'clear', signal);
    this.#stoodBefore = await this.#log();
  }

  async untilBack(): Promise<void> {
    const { clock, signal, link } = this.#options;
    for (;;) {
      if (signal.aborted) throw abortedFault(link.plug.name, signal.reason);
      if (await this.#isBack()) return;
      const leftMs = this.#deadlineMs - clock.monotonicMs();
      if (leftMs <= 0) throw await this.#fault();
      await clock.sleep(Math.min(LOOK_PAUSE_MS, leftMs), signal);
    }
  }

  async #isBack(): Promise<boolean> {
    const { link, settled } = this.#options;
    if (!link.ready) return false;
    if (this.#until) {
      if (!this.#until.test(await this.#printed())) return false;
    } else if (!this.#sighting.hasLeft) return (await this.#answers()) && this.#fellSilent;
    // Another that answers alike may still be being asked.
    await settled();
    return link.ready && link.twin === null;
  }

  #log(): Promise<string> {
    return this.#options.link.instrument(null).read('log', this.#options.signal);
  }

  /** Since the reboot is expected: a line that had begun before says nothing of it. */
  async #printed(): Promise<string> {
    const log = await this.#log();
    const isOld = !this.#sighting.hasLeft && log.startsWith(this.#stoodBefore);
    return isOld ? log.slice(this.#stoodBefore.length) : log;
  }

  /** Over the wire that it has had all the time. */
  async #answers(): Promise<boolean> {
    const { link, clock, signal } = this.#options;
    if (link.plug.driver === 'console') return false;
    const leftMs = Math.max(this.#deadlineMs - clock.monotonicMs(), LOOK_PAUSE_MS);
    try {
      const found = await withDeadline(clock, leftMs, signal, (limited) => link.identify(limited));
      this.#other = found.kind === 'other' ? found.answer : null;
      this.#fellSilent ||= found.kind !== 'match';
      return found.kind === 'match';
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof Fault)) throw thrown;
      // Boot text without a pause. A question that the end of the time cut says nothing.
      this.#fellSilent ||= thrown.code !== 'aborted';
      return false;
    }
  }

  async #fault(): Promise<HardwareFault> {
    const { link, expected } = this.#options;
    const { name } = link.plug;
    const { hasLeft, words } = this.#sighting;
    const within = `within ${expected.withinMs / 1000} s`;
    if (link.twin !== null)
      return fault(
        'identity-mismatch',
        `${name} came back and is not alone. ${link.status.message}`,
        link.status.remedy,
      );
    if (link.ready && this.#until) {
      const last = (await this.#log()).split('\n').at(-1) ?? '';
      return fault('timeout', `${name} did not print what was waited for ${within}; last was “${last}”.`, LOOK);
    }
    if (!hasLeft && !this.#fellSilent)
      return fault('timeout', `${name} was expected to reboot and never left ${within}.`, NEVER_LEFT);
    const something = `${name} came back as something else`;
    if (this.#other !== null) return fault('identity-mismatch', `${something}: it answers “${this.#other}”.`, OTHER);
    if (words?.state === 'wrong') return fault('identity-mismatch', `${something}. ${words.message}`, OTHER);
    const ids = link.ready ? '' : await this.#newcomers();
    if (ids !== '') return fault('identity-mismatch', `${something}: what came ${within} is USB ${ids}.`, OTHER);
    const gone = wordsFor(name, { kind: 'none' }, true).message;
    const why = words && words.message !== gone ? ` ${words.message}` : '';
    const away = hasLeft ? 'left' : 'fell silent';
    return fault('lost', `${name} ${away} and did not come back ${within}.${why}`, LOOK);
  }

  /** USB ids of what was not there when the reboot was expected, and cannot be this plug. */
  async #newcomers(): Promise<string> {
    const { link, present } = this.#options;
    const usable = (usb: string) => mayCarry(link.form.resource, usb);
    const newcomers = (await present()).filter((place) => !this.#bystanders.has(place) && !usable(place.usb));
    return newcomers
      .map(({ usb }) => usb)
      .filter(Boolean)
      .join(', ');
  }
}

const LOOK =
  'Look at the device, its cable and its power. If it only needs longer, give it more time in the procedure.';
const NEVER_LEFT = 'Check what makes it reboot. A console that stays on its wire needs “until” in the procedure.';
const OTHER = 'If it is meant to become that, say so with “as” in the procedure; else look at the device.';

function fault(code: HardwareCode, message: string, remedy: string): HardwareFault {
  return new Fault<HardwareCode>(code, message, remedy);
}
