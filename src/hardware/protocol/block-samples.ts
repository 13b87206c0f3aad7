/**
 * The samples inside a block: whole numbers or floating point, of any word size and byte order.
 *
 * Pure. Above it: drivers of instruments that send waveforms. Knows nothing of volts and seconds.
 */
import { Fault } from '#base/fault.ts';
import type { HardwareCode } from '#hardware/transport/transport.ts';

export type SampleType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'float32' | 'float64';

const READERS: Readonly<
  Record<SampleType, readonly [bytes: number, read: (at: DataView, byte: number, little: boolean) => number]>
> = {
  int8: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  int16: [2, (view, at, little) => view.getInt16(at, little)],
  uint16: [2, (view, at, little) => view.getUint16(at, little)],
  int32: [4, (view, at, little) => view.getInt32(at, little)],
  float32: [4, (view, at, little) => view.getFloat32(at, little)],
  float64: [8, (view, at, little) => view.getFloat64(at, little)],
};

/**
 * @param scale from the sample to what it stands for
 * @throws {HardwareFault} `protocol-error` when the block does not end with a whole sample
 */
export function samplesOf(
  block: Uint8Array,
  type: SampleType,
  byteOrder: 'big' | 'little',
  scale: (sample: number) => number = (sample) => sample,
): Float64Array<ArrayBuffer> {
  const [sampleBytes, read] = READERS[type];
  if (block.length % sampleBytes !== 0) {
    throw new Fault<HardwareCode>(
      'protocol-error',
      `A block of ${block.length} bytes holds no whole number of samples of ${sampleBytes} bytes.`,
      'Set the word size of the waveform on the instrument to what the driver expects.',
    );
  }
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const samples = new Float64Array(block.length / sampleBytes);
  for (let i = 0; i < samples.length; i++) samples[i] = scale(read(view, i * sampleBytes, byteOrder === 'little'));
  return samples;
}
