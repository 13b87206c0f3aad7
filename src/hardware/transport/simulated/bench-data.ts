/**
 * `bench.yaml` after YAML: how simulated instruments answer, checked and in one form.
 *
 * Pure. Above it: simulated-bench.ts, which gives the answers. Knows nothing of YAML text, wires or time.
 */
import { Fault } from '#base/fault.ts';

export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  /** In turn; the last one stays. */
  | { readonly kind: 'turns'; readonly answers: readonly Answer[] }
  | { readonly kind: 'normal'; readonly mean: number; readonly sigma: number }
  | { readonly kind: 'after'; readonly delayMs: number; readonly answer: Answer }
  /** A command that is accepted and a query that is never answered look the same on the wire. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'lost' }
  /** The wire is gone, and there again after this time. */
  | { readonly kind: 'reboot'; readonly awayMs: number }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** Answers by plug key and by command. */
export type PlugAnswers = ReadonlyMap<string, ReadonlyMap<string, Answer>>;

export interface BenchData {
  readonly plugs: PlugAnswers;
  /** In the order of the file: the first whose pattern matches the serial number overrides `plugs`. */
  readonly units: readonly { readonly pattern: RegExp; readonly plugs: PlugAnswers }[];
  /** What plugs answer otherwise in one slot, by its key. */
  readonly slots: ReadonlyMap<string, PlugAnswers>;
}

const REMEDY = 'Correct bench.yaml beside the procedure.';
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000 };

/** @throws {Fault} `bench-shape`, naming the place */
export function readBenchData(value: unknown): BenchData {
  if (value === null || value === undefined) return { plugs: new Map(), units: [], slots: new Map() };
  const { units, slots, ...plugs } = mapOf(value, 'the bench');
  const patterns = units === undefined || units === null ? {} : mapOf(units, 'units');
  const places = slots === undefined || slots === null ? {} : mapOf(slots, 'slots');
  return {
    plugs: plugsOf(plugs, ''),
    units: Object.entries(patterns).map(([pattern, overrides]) => ({
      pattern: patternOf(pattern),
      plugs: plugsOf(mapOf(overrides, `units, '${pattern}'`), `units, '${pattern}', `),
    })),
    slots: new Map(
      Object.entries(places).map(([slot, answers]) => [
        slot,
        plugsOf(mapOf(answers, `slots, ${slot}`), `slots, ${slot}, `),
      ]),
    ),
  };
}

function plugsOf(plugs: Record<string, unknown>, where: string): PlugAnswers {
  return new Map(
    Object.entries(plugs).map(([key, answers]) => {
      const place = `${where}${key}`;
      // A plug with nothing under it is a plug that knows no command.
      const entries = Object.entries(answers === null ? {} : mapOf(answers, place));
      return [
        key,
        new Map(entries.map(([command, answer]) => [command.trim(), answerOf(answer, `${place}, '${command}'`)])),
      ];
    }),
  );
}

function answerOf(value: unknown, place: string): Answer {
  if (value === null) return { kind: 'nothing' };
  if (typeof value === 'string') return { kind: 'text', text: lineOf(value, place) };
  // YAML reads an unquoted 3.301 as a number; what it prints as is what the instrument says.
  if (typeof value === 'number') return { kind: 'text', text: String(value) };
  if (Array.isArray(value)) {
    if (value.length === 0) throw shape(place, 'a list of answers needs at least one');
    return { kind: 'turns', answers: value.map((answer, turn) => turnOf(answer, `${place}, answer ${turn + 1}`)) };
  }
  if (typeof value !== 'object') throw shape(place, `${JSON.stringify(value)} is no answer: put it in quotes`);
  return specialOf(mapOf(value, place), place);
}

function turnOf(value: unknown, place: string): Answer {
  if (Array.isArray(value)) throw shape(place, 'a list of answers cannot hold another list');
  return answerOf(value, place);
}

function specialOf(special: Record<string, unknown>, place: string): Answer {
  const keys = Object.keys(special).sort().join(' ');
  switch (keys) {
    case 'normal': {
      const normal = mapOf(special.normal, `${place}, normal`);
      const { mean, sigma, ...rest } = normal;
      if (
        typeof mean !== 'number' ||
        typeof sigma !== 'number' ||
        !Number.isFinite(mean) ||
        !(sigma >= 0 && sigma < Infinity)
      )
        throw shape(place, '`normal` needs numbers `mean` and `sigma`, and `sigma` cannot be negative');
      refuseUnknown(rest, `${place}, normal`);
      return { kind: 'normal', mean, sigma };
    }
    case 'after answer':
      return { kind: 'after', delayMs: durationOf(special, 'after', place), answer: answerOf(special.answer, place) };
    case 'silent':
      if (special.silent !== true) throw shape(place, '`silent` can only be true');
      return { kind: 'nothing' };
    case 'lost':
      if (special.lost !== true) throw shape(place, '`lost` can only be true');
      return { kind: 'lost' };
    case 'reboot':
      return { kind: 'reboot', awayMs: durationOf(special, 'reboot', place) };
    case 'raw':
      return { kind: 'raw', bytes: bytesOf(special.raw, place) };
    default:
      throw shape(place, `'${keys}' is none of: normal, after with answer, silent, lost, reboot, raw`);
  }
}

function durationOf(special: Record<string, unknown>, key: string, place: string): number {
  const value = special[key];
  const [, digits, unit = ''] =
    (typeof value === 'string' && /^(\d+(?:\.\d+)?)\s*(ms|s|min|m)$/.exec(value.trim())) || [];
  const unitMs = UNIT_MS[unit];
  if (digits === undefined || unitMs === undefined)
    throw shape(place, `\`${key}\` needs a duration such as 800ms or 2s`);
  return Number(digits) * unitMs;
}

function bytesOf(value: unknown, place: string): Uint8Array {
  const text = typeof value === 'string' ? value.replace(/\s/g, '') : '';
  if (text === '' || !/^(?:[0-9a-f]{2})+$/i.test(text))
    throw shape(place, "`raw` needs bytes as hexadecimal in quotes, such as '00ff80'");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** What is answered is one line of text: the wire adds the terminator. */
function lineOf(text: string, place: string): string {
  if (/[\r\n]/.test(text)) throw shape(place, 'an answer is one line; use `raw` for other bytes');
  if (/[^\0-\xff]/.test(text)) throw shape(place, 'an answer can hold Latin-1 characters only');
  return text;
}

function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw shape('units', `'${pattern}' is not a valid pattern`);
  }
}

function mapOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw shape(place, 'a map is needed here');
  return { ...value };
}

function refuseUnknown(rest: Record<string, unknown>, place: string): void {
  const [key] = Object.keys(rest);
  if (key !== undefined) throw shape(place, `'${key}' is not known here`);
}

function shape(place: string, what: string): Fault<'bench-shape'> {
  return new Fault('bench-shape', `bench.yaml, ${place}: ${what}.`, REMEDY);
}
