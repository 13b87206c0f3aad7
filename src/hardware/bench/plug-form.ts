/**
 * As what a plug's device is looked for: by which USB ids, and by which answer.
 *
 * As the procedure states it; during an expected reboot only as what has to come back, and never as a device that was
 * there before. Held by plug-link.ts, asked by search.ts and probe.ts. Knows nothing of wires and of time.
 */
import type { RebootForm } from '#hardware/bench/bench.ts';
import type { Place } from '#hardware/bench/found-device.ts';
import { mayCarry, resourceOf, type BenchPlug, type BenchResource } from '#hardware/bench/plug.ts';

/** What is to come back. */
export interface Awaited {
  /** What it answered before. */
  readonly identity: string;
  readonly place: Place;
  /** Absent: it comes back as it was. */
  readonly as?: RebootForm;
}

export class PlugForm {
  readonly #own: BenchResource;
  readonly #pattern: RegExp | null;
  readonly #chosen: string | undefined;
  #awaited: Awaited | null = null;
  /** Null until it is known who they are: then nobody but the device's own place will do. */
  #bystanders: ReadonlySet<Place> | null = null;
  /** What a reboot of this run makes or may have made of it: it must be found again to be made safe. */
  #borrowed: RebootForm | null = null;

  /** @param hasIdentity whether the identity pattern counts */
  constructor(plug: BenchPlug, hasIdentity: boolean) {
    this.#own = resourceOf(plug);
    this.#chosen = plug.chosen;
    const { identity } = this.#own;
    this.#pattern = hasIdentity && identity !== undefined ? new RegExp(identity) : null;
  }

  get resource(): BenchResource {
    const { usb } = this.#own;
    if (this.#awaited) return { ...this.#own, usb: this.#awaited.as?.usb ?? usb };
    return this.#borrowed?.usb ? { ...this.#own, usb: [...usb, ...this.#borrowed.usb] } : this.#own;
  }

  /** An identity that names this plug, rather than one that any answer satisfies. */
  get hasPattern(): boolean {
    return this.#pattern !== null || this.#chosen !== undefined;
  }

  accepts(answer: string): boolean {
    const awaited = this.#awaited;
    if (awaited && !awaited.as) return answer === awaited.identity;
    const form = awaited?.as ?? this.#borrowed;
    if (!form && this.#chosen !== undefined && answer !== this.#chosen) return false;
    if (this.#pattern === null) return true;
    if (form?.identity !== undefined && new RegExp(form.identity).test(answer)) return true;
    return awaited?.as?.identity === undefined && this.#pattern.test(answer);
  }

  /** Whether this place may be the device's, beside its USB id. */
  mayBe(place: Place): boolean {
    const awaited = this.#awaited;
    if (!awaited || place === awaited.place) return true;
    if (!this.#bystanders || this.#bystanders.has(place)) return false;
    // A boot loader may have another serial number, or none.
    return awaited.as !== undefined || place.serialNumber === awaited.place.serialNumber;
  }

  await(awaited: Awaited): void {
    this.#awaited = awaited;
    this.#bystanders = null;
  }

  /** What is plugged in as the reboot begins does not come back. */
  pass(bystanders: ReadonlySet<Place>): void {
    this.#bystanders = bystanders;
  }

  /** Nothing is awaited any more. */
  settle(): void {
    this.#borrowed = this.#awaited?.as ?? this.#borrowed;
    this.#awaited = null;
    this.#bystanders = null;
  }

  /** Another run begins: the device must be what the procedure states. @returns whether one at this place may be */
  restore(place: Place): boolean {
    this.#borrowed = null;
    return place.usb === '' || mayCarry(this.#own, place.usb);
  }
}
