/**
 * The shapes of everything that the format has and this version only reads: TofuPilot's (limits as in its schema), and
 * our own additions. Data for shape.ts.
 */
import type { Shape } from '#procedure/read/shape.ts';

type Fields = Readonly<Record<string, Shape>>;

const LONG_TEXT = 50_000;
const NO_LIMIT: Shape = { integer: [0, Number.MAX_SAFE_INTEGER] };

export const EXECUTABLE: Fields = {
  'command!': 10_000,
  shell: { oneOf: ['bash', 'sh', 'zsh', 'powershell', 'pwsh', 'cmd'] },
  working_directory: 4096,
};

export const UNIT_FIELD: Fields = {
  default_value: LONG_TEXT,
  placeholder: LONG_TEXT,
  description: LONG_TEXT,
  min_length: NO_LIMIT,
  max_length: NO_LIMIT,
  pattern: 'pattern',
};

export const SUB_UNIT: Fields = { 'label!': 200, key: 100, serial_number: { fields: UNIT_FIELD } };

const TOFUPILOT_COMPONENTS = [
  'text_input',
  'number_input',
  'switch',
  'textarea',
  'radio',
  'select',
  'multiselect',
  'checklist',
  'slider',
  'text',
  'image',
  'progress',
];
const OUR_COMPONENTS = [
  'markdown',
  'table',
  'video',
  'pdf',
  'live_chart',
  'camera',
  'signature',
  'countdown',
  'verdict',
];
const SIZES = ['xs', 'sm', 'base', 'lg', 'xl', '2xl', '3xl', '4xl'];
const COLOURS = [
  'default',
  'zinc',
  'red',
  'orange',
  'yellow',
  'green',
  'lime',
  'sky',
  'blue',
  'violet',
  'purple',
  'pink',
];

/** Texts for operators may be a map of languages, so their shape is open here. */
export const COMPONENT: Fields = {
  'type!': { oneOf: [...TOFUPILOT_COMPONENTS, ...OUR_COMPONENTS] },
  key: 100,
  label: 'any',
  description: 'any',
  placeholder: 'any',
  required: 'flag',
  bind: 200,
  default_value: 'any',
  min_length: NO_LIMIT,
  max_length: NO_LIMIT,
  pattern: 'pattern',
  prefix: 50,
  suffix: 50,
  trim: 'flag',
  rows: NO_LIMIT,
  min: 'number',
  max: 'number',
  step: 'number',
  options: { list: { fields: { 'value!': 200, label: 'any', image: 500 } } },
  columns: NO_LIMIT,
  width: 50,
  height: 50,
  aspect: { oneOf: ['16/9', '4/3', '3/4', '2/3', '9/16', 'square', 'auto'] },
  fit: { oneOf: ['contain', 'cover', 'fill'] },
  size: { oneOf: SIZES },
  color: { oneOf: COLOURS },
  font: { oneOf: ['default', 'monospace'] },
  source: 500,
};

export const SCREEN: Fields = { components: { list: { fields: COMPONENT } }, requires_input: 'flag' };
