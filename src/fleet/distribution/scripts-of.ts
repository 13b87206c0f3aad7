/**
 * The phase scripts that a procedure's file names, read leniently: for whoever has to have them compiled before anybody
 * has parsed the file. Knows nothing of YAML.
 */
const SECTIONS = ['setup', 'main', 'teardown'];

/** @param data of `procedure.yaml`, whatever is in it. @returns paths in the folder, each once */
export function scriptsOf(data: unknown): string[] {
  const sections = fields(data);
  const phases = SECTIONS.flatMap((section): unknown[] => {
    const listed = sections[section];
    return Array.isArray(listed) ? listed : [];
  });
  const scripts = phases.map((phase) => fields(phase)['script']);
  return [...new Set(scripts.filter((script): script is string => typeof script === 'string' && script !== ''))];
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
