/**
 * What a phase does: steps, a script, a screen beside them or alone, or one of TofuPilot's bodies that no browser can run.
 *
 * Everything is kept; what this version cannot run is an obstacle with the phase's name and the replacement. Above:
 * read-phases.ts. Knows nothing of how phases run.
 */
import type { Phase } from '#procedure/procedure.ts';
import { holds } from '#procedure/screen.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import type { ComponentScope } from '#procedure/read/read-component.ts';
import { readScreen } from '#procedure/read/read-screen.ts';
import { stated } from '#procedure/read/stated.ts';

export const SHELLS = ['bash', 'sh', 'zsh', 'powershell', 'pwsh', 'cmd'] as const;
export const EXECUTABLE_KEYS = ['command', 'shell', 'working_directory'];
const SCRIPT = /\.(?:ts|js)$/;

type Body = Partial<Pick<Phase, 'script' | 'ui' | 'python' | 'executable'>>;

export function readBody(context: Context, fields: Fields, what: string, scope: ComponentScope): Body {
  const { problems } = context;
  const python = fields.text('python', { parameters: 'literal' });
  const script = readScript(fields);
  const executable = readExecutable(context, fields, what);
  const screen = fields.node('ui');
  const ui = screen && readScreen(context, screen, scope);
  const bodies = ['steps', 'script', 'python', 'executable'].filter((key) => fields.has(key));
  if (bodies.length > 1) fields.refuse('conflict', bodies[1]!, `and “${bodies[0]}” exclude each other`);
  if (python !== undefined) {
    const message = `${what} runs Python (${python}), which cannot run in a browser; write it as “steps:” or “script:”`;
    problems.obstacle('python-phase', fields.keyPlace('python'), message);
  }
  if (executable)
    problems.obstacle(
      'executable-phase',
      fields.keyPlace('executable'),
      `${what} starts a program, which a browser cannot; write it as “steps:”`,
    );
  // A phase that does nothing would pass, and with it a unit that nobody looked at.
  if (bodies.length === 0 && !screen)
    problems.obstacle('empty-phase', fields.place, `${what} does nothing; give it “steps:” or “script:”`);
  else if (bodies.length === 0 && ui && !holds(ui))
    problems.obstacle(
      'empty-phase',
      fields.keyPlace('ui'),
      `${what} shows a screen that nobody has to answer, and does nothing else; add “requires_input: true”, an input or a “countdown”`,
    );
  else if (fields.list('steps')?.length === 0)
    problems.obstacle('empty-phase', fields.keyPlace('steps'), `${what} has no steps in its “steps”`);
  return stated({ script, ui, python, executable });
}

function readScript(fields: Fields): string | undefined {
  const script = fields.text('script', { parameters: 'literal', max: 500 });
  if (script === undefined) return undefined;
  // It is looked up among the folder's files, and never outside of it.
  if (script.startsWith('/') || script.split(/[\\/]/).includes('..'))
    return fields.refuse('choice', 'script', `must be a file of the procedure's folder, not “${script}”`);
  return SCRIPT.test(script) ? script : fields.refuse('choice', 'script', `must be a .ts or .js file, not “${script}”`);
}

function readExecutable(context: Context, fields: Fields, what: string): Phase['executable'] {
  const node = fields.node('executable');
  if (!node) return undefined;
  const executable = new Fields(context, node, `${what}, “executable”`, EXECUTABLE_KEYS);
  const command = executable.requiredText('command', { max: 10_000, parameters: 'literal' });
  const shell = executable.oneOf('shell', SHELLS);
  const workingDirectory = executable.text('working_directory', { max: 4096, parameters: 'literal' });
  return command === undefined ? undefined : { command, ...stated({ shell, workingDirectory }) };
}
