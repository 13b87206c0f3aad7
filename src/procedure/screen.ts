/**
 * What a phase shows the operator and asks of them: components, in their order.
 *
 * Plain data, part of a procedure. Made by read/read-screen.ts. Knows nothing of how a component looks.
 */
import type { Scalar } from '#measure/scalar.ts';
import type { LocalText } from '#procedure/local-text.ts';

/** TofuPilot's: the phase waits for the operator when it has one of these. */
export const INPUT_KINDS = [
  'text_input',
  'number_input',
  'switch',
  'textarea',
  'radio',
  'select',
  'multiselect',
  'checklist',
  'slider',
] as const;
/** TofuPilot's: only shown. */
export const DISPLAY_KINDS = ['text', 'image', 'progress'] as const;
export const OUR_INPUT_KINDS = ['camera', 'signature', 'verdict'] as const;
export const OUR_DISPLAY_KINDS = ['markdown', 'table', 'video', 'pdf', 'live_chart', 'countdown'] as const;
export const COMPONENT_KINDS = [...INPUT_KINDS, ...DISPLAY_KINDS, ...OUR_INPUT_KINDS, ...OUR_DISPLAY_KINDS] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

export const CHOICE_KINDS = ['radio', 'select', 'multiselect', 'checklist'] as const;
export const ASPECTS = ['16/9', '4/3', '3/4', '2/3', '9/16', 'square', 'auto'] as const;
export const FITS = ['contain', 'cover', 'fill'] as const;
export const SIZES = ['xs', 'sm', 'base', 'lg', 'xl', '2xl', '3xl', '4xl'] as const;
export const COLOURS = [
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
] as const;
export const FONTS = ['default', 'monospace'] as const;

export interface Screen {
  readonly components: readonly Component[];
  /** The phase waits for the operator: it asks for something, or says that it waits. */
  readonly waits: boolean;
}

/** Where an operator's entry goes. */
export type Binding =
  | { readonly to: 'measurement'; readonly key: string }
  /** `serial_number` …, `sub_units.<key>`, `metadata.<key>`. */
  | { readonly to: 'unit'; readonly field: string };

export interface Component {
  readonly kind: ComponentKind;
  readonly key: string;
  readonly label?: LocalText;
  readonly description?: LocalText;
  readonly placeholder?: LocalText;
  /** Stated, or its measurement would have no value without it. */
  readonly required: boolean;
  /** Of what is asked: where the entry goes. Of what is only shown: the measurement whose last value it shows. */
  readonly bind?: Binding;
  readonly defaultValue?: Scalar | readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** Decoration before and after the field. */
  readonly prefix?: string;
  readonly suffix?: string;
  readonly trim: boolean;
  /** Height of a `textarea`, in lines. */
  readonly rows?: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly options?: readonly { readonly value: string; readonly label: LocalText; readonly image?: string }[];
  readonly columns?: number;
  /** `1%` to `100%`. */
  readonly width?: string;
  readonly height?: string;
  readonly aspect?: (typeof ASPECTS)[number];
  readonly fit?: (typeof FITS)[number];
  readonly size?: (typeof SIZES)[number];
  readonly color?: (typeof COLOURS)[number];
  readonly font?: (typeof FONTS)[number];
  /** `image`, `video`, `pdf`, `markdown`: a file of the procedure's folder. */
  readonly source?: string;
  /** `markdown`: what it says. */
  readonly text?: LocalText;
  /** `table`: the first row, and the others. */
  readonly header?: readonly LocalText[];
  readonly cells?: readonly (readonly string[])[];
  /** `pdf`: the page that is shown first, from 1. */
  readonly page?: number;
  /** `live_chart`: keys of the measurements that are drawn as they are taken. */
  readonly series?: readonly string[];
  /** `countdown`: how long it runs; before that, its screen does not end. */
  readonly durationMs?: number;
}

export function asks(kind: ComponentKind): boolean {
  return ([...INPUT_KINDS, ...OUR_INPUT_KINDS] as readonly string[]).includes(kind);
}

/** A phase with nothing but this screen is not over as soon as it has begun. */
export function holds({ waits, components }: Screen): boolean {
  return waits || components.some(({ kind }) => kind === 'countdown');
}
