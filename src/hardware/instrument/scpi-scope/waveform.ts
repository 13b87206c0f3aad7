/**
 * A waveform from an oscilloscope: its preamble, its block of samples, and what they are in volts and seconds.
 *
 * As InfiniiVision scopes send it (programmer's guides, “:WAVeform commands”), and Rigol's, whose scaling differs though
 * the commands are the same. A point that is missing or at the edge of the screen has no value: NaN, which no limit passes.
 */
import { Fault } from '#base/fault.ts';
import type { BlockSession } from '#hardware/instrument/scpi-table.ts';
import { samplesOf } from '#hardware/protocol/block-samples.ts';
import type { HardwareCode, HardwareFault } from '#hardware/transport/transport.ts';

export interface Preamble {
  /** 0: one byte a sample. 1: two, the higher one first. */
  readonly format: 0 | 1;
  readonly points: number;
  readonly x: Scaling;
  readonly y: Scaling;
}

interface Scaling {
  readonly increment: number;
  readonly origin: number;
  readonly reference: number;
}

type Maker = 'keysight' | 'rigol';

/** In both, two bytes are wanted as unsigned words, the higher byte first; Rigol's screen has one byte a sample. */
const SET_UP: Readonly<Record<Maker, readonly string[]>> = {
  keysight: [':WAV:FORM WORD', ':WAV:BYT MSBF', ':WAV:UNS ON'],
  rigol: [':WAV:MODE NORM', ':WAV:FORM BYTE'],
};
/** 0: no sample. 1: clipped low. All ones: clipped high. */
const HIGHEST: Readonly<Record<0 | 1, number>> = { 0: 0xff, 1: 0xffff };

export async function takeVolts(
  channel: number,
  session: BlockSession,
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<Float64Array<ArrayBuffer>> {
  const { maker, preamble } = await prepare(channel, session, signal);
  const block = await session.queryBlock(':WAV:DATA?', signal, timeoutMs);
  const { format, points } = preamble;
  const volts = samplesOf(block, format === 0 ? 'uint8' : 'uint16', 'big', scaleOf(maker, preamble));
  if (volts.length === points) return volts;
  throw oddWaveform(`it announced ${points} points and sent ${volts.length}`);
}

/** When each point of the channel's waveform was taken, from the trigger on. */
export async function takeSeconds(
  channel: number,
  session: BlockSession,
  signal: AbortSignal,
): Promise<Float64Array<ArrayBuffer>> {
  const { points, x } = (await prepare(channel, session, signal)).preamble;
  return Float64Array.from({ length: points }, (_, at) => (at - x.reference) * x.increment + x.origin);
}

async function prepare(channel: number, session: BlockSession, signal: AbortSignal) {
  const maker: Maker = /^RIGOL/i.test(await session.query('*IDN?', signal)) ? 'rigol' : 'keysight';
  for (const command of [`:WAV:SOUR CHAN${channel}`, ...SET_UP[maker]]) await session.write(command, signal);
  return { maker, preamble: preambleFrom(await session.query(':WAV:PRE?', signal)) };
}

/** Format, type, points, count, then increment, origin and reference of x and of y. */
export function preambleFrom(answer: string): Preamble {
  const items = answer.split(',').map((item) => (item.trim() === '' ? NaN : Number(item)));
  const [format, , points, , xIncrement, xOrigin, xReference, yIncrement, yOrigin, yReference] = items;
  const isWhole = items.length === 10 && items.every((item) => Number.isFinite(item));
  if (!isWhole || (format !== 0 && format !== 1) || !Number.isInteger(points) || points! < 0)
    throw oddWaveform(`its preamble is ${JSON.stringify(answer.slice(0, 80))}`);
  return {
    format,
    points: points!,
    x: { increment: xIncrement!, origin: xOrigin!, reference: xReference! },
    y: { increment: yIncrement!, origin: yOrigin!, reference: yReference! },
  };
}

function scaleOf(maker: Maker, { format, y }: Preamble): (sample: number) => number {
  const { increment, origin, reference } = y;
  const isValue = (sample: number) => sample > 1 && sample < HIGHEST[format];
  // Keysight's origin is a voltage, Rigol's a number of steps.
  if (maker === 'rigol') return (sample) => (isValue(sample) ? (sample - origin - reference) * increment : NaN);
  return (sample) => (isValue(sample) ? (sample - reference) * increment + origin : NaN);
}

function oddWaveform(why: string): HardwareFault {
  return new Fault<HardwareCode>(
    'protocol-error',
    `The waveform of the oscilloscope cannot be read: ${why}.`,
    'Check that the channel is on and has been acquired, and that the scope is one of those that the driver knows.',
  );
}
