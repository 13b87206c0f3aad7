/**
 * Every key of TofuPilot's format by its path, and every word that a key can have, so that the corpus can be held to it.
 */
const under = (path: string, keys: string) => keys.split(' ').map((key) => `${path}.${key}`);
const UNIT_FIELD = 'default_value placeholder description min_length max_length pattern';
const VALIDATOR = 'operator expected_value expression outcome';
const AGGREGATION = 'type unit value outcome validators';
const AXIS = 'data unit legend key description aggregations validators';

/** Paths from the top; lists add nothing to a path, and the three sections share one name. */
export const KEYS: readonly string[] = [
  ...under('', 'id name version description execution unit plugs phases'),
  ...under('.execution', 'strategy workers on_first_failure slots'),
  ...under('.execution.slots', 'key name'),
  ...under('.unit', 'auto_identify serial_number part_number revision_number batch_number sub_units metadata'),
  ...under('.unit.serial_number', UNIT_FIELD),
  ...under('.unit.sub_units', 'label key serial_number'),
  ...under('.unit.metadata.shift', 'placeholder min_length max_length'),
  ...under('.plugs', 'key name scope python description config'),
  ...under('.phases', 'key name scope python executable description measurements ui'),
  ...under('.phases', 'enabled result depends_on timeout retry then'),
  ...under('.phases.executable', 'command shell working_directory'),
  ...under('.phases.retry', 'limit delay'),
  ...under('.phases.then', 'pass fail error timeout'),
  ...under('.phases.measurements', 'key name unit validators aggregations description title x_axis y_axis'),
  ...under('.phases.measurements.validators', VALIDATOR),
  ...under('.phases.measurements.aggregations', AGGREGATION),
  ...under('.phases.measurements.x_axis', 'data unit legend key description'),
  ...under('.phases.measurements.y_axis', AXIS.replace('data ', '').replace('key ', '')),
  ...under('.phases.measurements.y_axis.aggregations', AGGREGATION),
  ...under('.phases.ui', 'components requires_input'),
  ...under('.phases.ui.components', 'type key label description placeholder required bind default_value'),
  ...under('.phases.ui.components', 'min_length max_length pattern prefix suffix trim rows min max step options'),
  ...under('.phases.ui.components', 'columns width height aspect fit size color font'),
  ...under('.phases.ui.components.options', 'value label image'),
];

const words = (path: string, all: string) => all.split(' ').map((word) => `${path}=${word}`);
export const WORDS: readonly string[] = [
  ...words('.execution.strategy', 'phase_first slot_first'),
  ...words('.execution.on_first_failure', 'stop continue'),
  ...words('.plugs.scope', 'slot each execution all run station'),
  ...words('.phases.scope', 'slot each execution all run'),
  ...words('.phases.executable.shell', 'bash sh zsh powershell pwsh cmd'),
  ...words('.phases.then.pass', 'continue stop'),
  ...words('.phases.then.fail', 'continue stop retry'),
  ...words('.phases.then.error', 'stop retry'),
  ...words('.phases.then.timeout', 'stop retry'),
  ...words('.phases.measurements.validators.operator', '== != > >= < <= in matches'),
  '.phases.measurements.validators.operator=not in',
  ...words('.phases.measurements.validators.outcome', 'PASS FAIL UNSET'),
  ...words('.phases.ui.components.type', 'text_input number_input switch textarea radio select multiselect checklist'),
  ...words('.phases.ui.components.type', 'slider text image progress'),
  ...words('.phases.ui.components.aspect', '16/9 4/3 3/4 2/3 9/16 square auto'),
  ...words('.phases.ui.components.fit', 'contain cover fill'),
  ...words('.phases.ui.components.size', 'xs sm base lg xl 2xl 3xl 4xl'),
  ...words('.phases.ui.components.color', 'default zinc red orange yellow green lime sky blue violet purple pink'),
  ...words('.phases.ui.components.font', 'default monospace'),
];

const SECTIONS = ['setup', 'main', 'teardown'];

/** Every path and every `path=word` of a file's data. */
export function pathsOf(data: unknown, path = ''): string[] {
  if (Array.isArray(data)) return data.flatMap((item) => pathsOf(item, path));
  if (typeof data !== 'object' || data === null) return [`${path}=${String(data)}`];
  return Object.entries(data).flatMap(([key, value]) => {
    const here = `${path}.${path === '' && SECTIONS.includes(key) ? 'phases' : key}`;
    return [here, ...pathsOf(value, here)];
  });
}
