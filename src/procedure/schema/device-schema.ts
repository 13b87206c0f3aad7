/**
 * The schema of what a plug says of its device: framing, Modbus registers, console.
 *
 * Above: procedure-schema.ts. Made of the lists that read/read-device.ts uses.
 */
import { FRAMING_NAMES, REGISTER_TYPES } from '#procedure/read/read-device.ts';
import { choice, flag, map, neededText, number, ref, said, whole } from '#procedure/schema/json-schema.ts';
import type { JsonSchema } from '#procedure/schema/json-schema.ts';

const unitId = whole(1, 247);
const address = said('As it goes over the wire: from 0.', whole(0, 65_535));

export const DEVICE_DEFS: Readonly<Record<string, JsonSchema>> = {
  framing: said('What marks a frame when it is no line.', {
    anyOf: [
      choice(FRAMING_NAMES),
      map({
        fixed: said('Every frame has so many bytes.', whole(1, 2_500_000)),
        length: said('Bytes of a length in front.', choice([1, 2, 4])),
        endian: choice(['big', 'little']),
        includes_header: said('The length counts its own bytes too.', flag),
      }),
    ],
  }),
  register: map({
    coil: address,
    discrete: address,
    input: address,
    holding: address,
    type: choice(REGISTER_TYPES),
    word_order: choice(['big', 'little']),
    scale: said('What one count stands for, such as 0.1.', number),
    unit: neededText(50),
    unit_id: unitId,
  }),
  modbus: map({
    unit_id: unitId,
    'registers!': {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
      additionalProperties: ref('register'),
    },
  }),
  console: map({
    prompt: said('Pattern of the text at the prompt; begin it with ^.', neededText(500)),
    login: map({ 'user!': neededText(200), password: neededText(200) }),
  }),
};
