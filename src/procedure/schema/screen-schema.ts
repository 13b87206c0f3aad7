/**
 * The schema of screens: components and prompts.
 *
 * Kinds, sizes and colours come from screen.ts, so that reader and schema cannot differ. Above: procedure-schema.ts.
 */
import * as screen from '#procedure/screen.ts';
import {
  ANYTHING,
  choice,
  flag,
  listOf,
  map,
  neededText,
  number,
  ref,
  said,
  text,
  whole,
} from '#procedure/schema/json-schema.ts';
import type { JsonSchema } from '#procedure/schema/json-schema.ts';

const option = map({ 'value!': neededText(200), label: ref('localText'), image: text(500) });

const component: JsonSchema = {
  ...map({
    'type!': said('What is shown or asked.', choice(screen.COMPONENT_KINDS)),
    key: ref('key'),
    label: ref('localText'),
    description: ref('localText'),
    placeholder: ref('localText'),
    required: flag,
    bind: said('Where the entry goes: measurement.<key>, unit.<field>, unit.sub_units.<key>.', text(200)),
    default_value: ANYTHING,
    min_length: whole(0),
    max_length: whole(0),
    pattern: ref('pattern'),
    prefix: text(50),
    suffix: text(50),
    trim: flag,
    rows: whole(0),
    min: number,
    max: number,
    step: number,
    options: listOf(option),
    columns: whole(0),
    width: { type: 'string', pattern: '^\\s*([1-9][0-9]?|100)%\\s*$' },
    height: text(50),
    aspect: choice(screen.ASPECTS),
    fit: choice(screen.FITS),
    size: choice(screen.SIZES),
    color: choice(screen.COLOURS),
    font: choice(screen.FONTS),
    source: said('A file of the procedure’s folder.', neededText(500)),
    text: ref('localText'),
    header: listOf(ref('localText')),
    cells: listOf(listOf(text(200))),
    page: whole(1, 100_000),
    series: said('Measurements that are drawn as they are taken.', listOf(neededText())),
    duration: ref('duration'),
  }),
  allOf: [
    needs(screen.CHOICE_KINDS, 'options'),
    needs(['table'], 'cells'),
    needs(['video', 'pdf'], 'source'),
    needs(['live_chart'], 'series'),
    needs(['countdown'], 'duration'),
  ],
};

export const SCREEN_DEFS: Readonly<Record<string, JsonSchema>> = {
  component,
  screen: map({ components: listOf(ref('component')), requires_input: flag }),
  prompt: map({ 'message!': ref('localText'), components: listOf(ref('component')), timeout: ref('duration') }),
};

function needs(kinds: readonly string[], key: string): JsonSchema {
  return { anyOf: [{ properties: { type: { not: { enum: [...kinds] } } } }, { required: [key] }] };
}
