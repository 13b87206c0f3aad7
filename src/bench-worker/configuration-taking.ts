/**
 * What the server offers as this station's configuration, believed or refused: a signed document, an unsigned one, or what
 * the manifest says of every station.
 *
 * Looks at a document again only when the server says that one has changed. Above: configuration.ts. Below: fleet/config.
 * Knows nothing of what is in force afterwards.
 */
import { sha256 } from '#base/hash.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { configFault } from '#fleet/config/config-fault.ts';
import {
  addressOfConfiguration,
  configurationHash,
  demandNext,
  demandSigned,
  readConfiguration,
} from '#fleet/config/document.ts';
import type { MergedValue } from '#fleet/config/merge.ts';
import { manifestValues } from '#fleet/config/manifest-values.ts';
import type { FleetManifest } from '#fleet/distribution/manifest.ts';
import { canonicalBytes } from '#fleet/distribution/signed/canonical.ts';
import { releaseFault } from '#fleet/distribution/signed/release-fault.ts';
import type { KeyList } from '#fleet/distribution/signed/trusted-keys.ts';
import type { Candidate, KeptConfiguration } from './configuration-book.ts';

export interface TakingParts {
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
  /** @returns why a procedure here could not run with these values, in words; null when all can */
  readonly misfit: (values: readonly MergedValue[]) => Promise<string | null>;
}

export interface TakingScene {
  readonly kept: KeptConfiguration;
  /** Empty: it has no name yet. */
  readonly station: string;
  readonly keys: KeyList | null;
  readonly manifest: FleetManifest;
}

/** A plant network that answers at all answers within this. */
const LIMIT_MS = 10_000;
/** A thousand settings with their files are a tenth of it. */
const LONGEST_TEXT = 2_000_000;

export class ConfigurationTaking {
  readonly #parts: TakingParts;
  /** What the server said when its document was taken, and for whom. */
  #seen = '';

  constructor(parts: TakingParts) {
    this.#parts = parts;
  }

  /** What was taken was not kept: it is looked at again. */
  forget(): void {
    this.#seen = '';
  }

  /**
   * @returns undefined when what is in force is what is wanted; unchanged: nothing new was said
   * @throws {Fault} what is refused, `fleet-unreachable`
   */
  async take(scene: TakingScene, signal: AbortSignal): Promise<Candidate | undefined | 'unchanged'> {
    const { station, manifest, kept, keys } = scene;
    const pointer = station === '' ? undefined : manifest.configuration;
    // What was signed stays in force when nothing is offered any more: whoever can write the server's files can withhold.
    const isSigned = kept.inForce?.source === 'signed' && kept.inForce.station === station;
    if (pointer === undefined) return isSigned ? 'unchanged' : this.#manifest(scene);
    const seen = `${station} ${keys?.number ?? -1} ${String(pointer)}`;
    if (pointer !== true && seen === this.#seen) return 'unchanged';
    this.#seen = '';
    const text = await this.#fetch(station, signal);
    if (text === null) return isSigned ? 'unchanged' : this.#manifest(scene);
    const document = readConfiguration(text);
    const { signed } = document;
    const isUnsigned = document.signatures.length === 0;
    const mine = { number: signed.number, hash: await sha256(canonicalBytes(signed)) };
    if (isUnsigned && (keys?.signed_only === true || kept.seen))
      throw configFault('config-unsigned', 'Nobody has signed it, and this station goes by signed ones only.');
    const signer = isUnsigned ? null : await this.#signer(document, keys);
    demandNext(signed, station, mine, isUnsigned ? null : kept.seen);
    if (isSigned && mine.hash === kept.seen?.hash) {
      this.#seen = seen;
      return undefined;
    }
    const misfit = await this.#parts.misfit(signed.values);
    if (misfit !== null) throw configFault('config-parameter', misfit);
    this.#seen = seen;
    const { number, made_at: madeAt, product, values } = signed;
    return {
      next: {
        source: isUnsigned ? 'unsigned' : 'signed',
        station,
        number,
        made_at: madeAt,
        ...(product === undefined ? {} : { product }),
        ...(signer ? { signed_by: signer.name } : {}),
        values,
        hash: await configurationHash(values),
      },
      seen: isUnsigned ? kept.seen : mine,
    };
  }

  async #signer(document: Parameters<typeof demandSigned>[0], keys: KeyList | null) {
    if (keys) return demandSigned(document, keys, this.#parts.nowMs());
    throw releaseFault('release-key-unknown', 'This station knows no key that it could be signed by.');
  }

  #manifest(scene: TakingScene): Promise<Candidate | undefined> {
    this.#seen = '';
    return ConfigurationTaking.ofManifest(scene);
  }

  /** What the manifest says of every station. @returns undefined when that is in force */
  static async ofManifest(scene: Omit<TakingScene, 'keys'>): Promise<Candidate | undefined> {
    const { manifest, station, kept } = scene;
    const values = manifestValues(manifest.settings);
    const hash = values.length === 0 ? '' : await configurationHash(values);
    const { inForce } = kept;
    if (inForce?.source === 'manifest' && inForce.station === station && inForce.hash === hash) return undefined;
    return { next: { source: 'manifest', station, number: 0, made_at: '', values, hash }, seen: kept.seen };
  }

  /** @returns null when there is none for this station */
  async #fetch(station: string, signal: AbortSignal): Promise<string | null> {
    const address = addressOfConfiguration(station);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
    const away = (cause: unknown) => {
      const message = `${address} cannot be fetched: ${messageOf(cause)}.`;
      return new Fault('fleet-unreachable', message, 'The station goes on with what it has.', { cause });
    };
    const response = await this.#parts.fetch(address, { signal: limit, cache: 'no-cache' }).catch((cause: unknown) => {
      throw away(cause);
    });
    if (response.status === 404) return null;
    if (!response.ok) throw away(`it answered ${response.status}`);
    const text = await response.text().catch((cause: unknown) => {
      throw away(cause);
    });
    if (text.length > LONGEST_TEXT) throw releaseFault('release-unreadable', 'It is larger than any configuration.');
    return text;
  }
}
