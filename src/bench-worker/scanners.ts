/**
 * The barcode scanners of this station: which there are, as a person set them up, and where their codes go.
 *
 * What a scanner reads goes to the page, which enters it where a scan that is typed would go. Above: station.ts. Below:
 * hardware/bench/scanner.ts, one each. Knows nothing of units and badges.
 */
import type { Clock } from '#base/clock.ts';
import type { ScannerView, ScannerWish } from '#engine/link/scanner-link.ts';
import { mayCarry } from '#hardware/bench/plug.ts';
import type { PortsApart } from '#hardware/bench/ports-apart.ts';
import { Scanner } from '#hardware/bench/scanner.ts';
import { unframed } from '#procedure/identify.ts';
import type { Store } from '#storage/store/store.ts';
import type { View } from './view.ts';

const KEY = 'scanners';

/** As it is kept. */
interface Entry extends ScannerWish {
  readonly id: string;
}

interface Running {
  readonly entry: Entry;
  readonly scanner: Scanner;
  last: ScannerView['last'];
}

export interface ScannersOptions {
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly view: View;
  readonly ports: PortsApart;
  readonly clock: Clock;
  /** Whether a scan has the form of a badge, somebody's or nobody's. */
  readonly isBadge: (scanned: string) => Promise<boolean>;
  readonly newId: () => string;
}

export class Scanners {
  readonly #options: ScannersOptions;
  #running: readonly Running[] = [];

  constructor(options: ScannersOptions) {
    this.#options = options;
  }

  /** Once the bench is there: a fixture's port is the fixture's first. */
  async start(): Promise<void> {
    const entries = (await this.#options.store.get<readonly Entry[]>(KEY)) ?? [];
    this.#running = entries.map((entry) => this.#run(entry));
    this.#show();
  }

  /** Plugs may have come, gone or become ready. */
  look(): void {
    for (const { scanner } of this.#running) scanner.look();
  }

  async add({ usb, baudRate }: ScannerWish): Promise<void> {
    const alike = this.#running.filter(({ entry }) => entry.usb === usb);
    const places = (await this.#options.ports.list()).filter((place) => place.usb === usb);
    // Chosen again: it gets another baud rate.
    const before = places.length <= alike.length ? alike.at(-1) : undefined;
    const entry: Entry = { id: before?.entry.id ?? this.#options.newId(), usb, baudRate };
    await this.#change([...this.#running.flatMap(({ entry }) => (entry === before?.entry ? [] : [entry])), entry]);
  }

  async forget(id: string): Promise<void> {
    await this.#change(this.#running.flatMap(({ entry }) => (entry.id === id ? [] : [entry])));
  }

  async #change(entries: readonly Entry[]): Promise<void> {
    await this.#options.store.set(KEY, entries);
    const left = this.#running.filter(({ entry }) => entries.includes(entry));
    const gone = this.#running.filter((one) => !left.includes(one));
    await Promise.all(gone.map(({ scanner }) => scanner.close()));
    const known = left.map(({ entry }) => entry);
    this.#running = [...left, ...entries.filter((entry) => !known.includes(entry)).map((entry) => this.#run(entry))];
    this.#show();
  }

  #run(entry: Entry): Running {
    const { ports, clock } = this.#options;
    const running: Running = {
      entry,
      last: null,
      scanner: new Scanner({
        usb: entry.usb,
        baudRate: entry.baudRate,
        ports,
        clock,
        inFront: () => this.#inFront(entry.usb),
        onCode: (code) => void this.#take(running, code),
        onChange: () => this.#show(),
      }),
    };
    return running;
  }

  #inFront(usb: string): readonly string[] {
    return this.#options.view.current.plugs
      .filter((plug) => !plug.simulated && plug.state !== 'ready' && mayCarry({ usb: plug.usb ?? [] }, usb))
      .map(({ name }) => name);
  }

  async #take(running: Running, code: string): Promise<void> {
    const { view, clock, isBadge } = this.#options;
    const text = unframed(code);
    if (text === '') return;
    const atMs = clock.nowMs();
    view.scanned(text);
    // Whoever looks at this screen later must not read a badge from it.
    running.last = { text: (await isBadge(text)) ? null : text, atMs };
    this.#show();
  }

  #show(): void {
    this.#options.view.change({
      scanners: this.#running.map(({ entry, scanner, last }) => ({ ...entry, ...scanner.words, last })),
    });
  }
}
