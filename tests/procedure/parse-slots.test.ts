/** RULES.md 16: slots, what each has of its own, and what cannot be. */
import { describe, expect, test } from 'vitest';
import { parse } from '#procedure/parse.ts';
import { benchPlugs, inSlot, sharedPlugs, slotsOf, startsTogether } from '#procedure/slots.ts';
import { HEAD, load, message, obstacles, problems } from './read-text.ts';

const TWO = 'slots: [{ name: Left, parameters: { channel: 101 } }, { name: Right, parameters: { channel: 102 } }]';
const PARAMETERS = 'parameters: { channel: { type: number, default: 1 } }\n';
const OWN = "{ name: Fixture, driver: scpi, safe_state: ['OFF ${channel}'] }";
const SHARED = '{ name: DMM, driver: scpi-dmm, scope: station }';
const MAIN = "main:\n  - { name: A, steps: [{ query: { plug: dmm, command: 'V? ${channel}' } }] }\n";

function text({
  slots = TWO,
  plugs = [OWN, SHARED],
  rest = MAIN,
}: {
  slots?: string;
  plugs?: string[];
  rest?: string;
}) {
  return `${HEAD}execution: { ${slots} }\n${PARAMETERS}plugs: [${plugs.join(', ')}]\n${rest}`;
}
const resource = (identity: string) => `resource: { serial: { usb: ['0403:6001'] }${identity} }`;

describe('rule 17: what each slot has of its own', () => {
  test('its parameters stand in its commands, conditions and safe state, and are recorded as its own', () => {
    const procedure = load(text({}));
    expect(procedure.obstacles).toEqual([]);
    for (const [key, channel] of [
      ['left', 101],
      ['right', 102],
    ] as const) {
      const own = inSlot(procedure, key);
      expect(own.phases[0]!.steps[0]).toMatchObject({ command: `V? ${channel}` });
      expect(own.plugs[0]!.safeState).toEqual([`OFF ${channel}`]);
      expect(own.parameters).toEqual({ channel: { value: channel, tier: 'slot' } });
      expect(own.slots).toBe(procedure.slots);
    }
    expect(procedure.phases[0]!.steps[0]).toMatchObject({ command: 'V? 1' });
    expect(procedure.parameters).toEqual({ channel: { value: 1, tier: 'procedure' } });
    expect(inSlot(procedure, 'elsewhere')).toBe(procedure);
  });

  test('a parameter that is not there, or of the wrong kind, is pointed at', () => {
    const broken = (parameters: string) => text({ slots: `slots: [{ name: Left, parameters: ${parameters} }]` });
    expect(problems(broken('{ chanel: 1 }'))).toEqual(['parameter 3:50']);
    expect(message(broken('{ chanel: 1 }'))).toContain('did you mean “channel”?');
    expect(problems(broken('{ channel: one }'))).toEqual(['parameter 3:59']);
    expect(message(broken('{ channel: one }'))).toBe(
      'slot “Left”: parameter “channel” must be a number, not the text "one"',
    );
    expect(problems(broken('[1]'))).toEqual(['type 3:48']);
  });

  test('what only one slot’s value makes wrong names that slot', () => {
    const limits = 'measurements: [{ name: v, validators: [{ operator: range, expected_value: ${span} }] }]';
    const rest = `main:\n  - { name: A, steps: [{ set: { name: v, value: 1 } }], ${limits} }\n`;
    const span = `${HEAD}execution: { slots: [{ name: Left }, { name: Right, parameters: { span: [2, 1] } }] }\nparameters: { span: { type: range, default: [1, 2] } }\n${rest}`;
    expect(problems(span)).toEqual(['parameter 3:73']);
    expect(message(span)).toContain('slot “Right”: ');
  });

  test('no slots, or one: one place, and nothing is shared', () => {
    const lone = load(`${HEAD}plugs: [${SHARED}]\nmain:\n  - { name: A, steps: [{ wait: 1ms }] }\n`);
    expect(slotsOf(lone)).toEqual([{ key: '1', name: '' }]);
    expect([...sharedPlugs(lone)]).toEqual([]);
    expect(benchPlugs(lone)).toBe(lone.plugs);
    const one = load(text({ slots: 'slots: [{ name: Left }]' }));
    expect(slotsOf(one)).toEqual([{ key: 'left', name: 'Left' }]);
    expect([...sharedPlugs(one)]).toEqual([]);
  });

  test('a bench has one of what all share, and one for each slot of everything else', () => {
    const procedure = load(text({}));
    expect([...sharedPlugs(procedure)]).toEqual(['dmm']);
    expect(benchPlugs(procedure).map(({ key, name, slot }) => [key, name, slot])).toEqual([
      ['dmm', 'DMM', undefined],
      ['fixture', 'Fixture (Left)', 'left'],
      ['fixture', 'Fixture (Right)', 'right'],
    ]);
    expect(benchPlugs(procedure)[2]!.safeState).toEqual(['OFF 102']);
  });
});

describe('rule 17: what cannot be', () => {
  const setup = (phase: string) => text({ rest: `setup:\n  - ${phase}\n${MAIN}` });

  test('more slots than one screen shows', () => {
    const many = (count: number) =>
      `slots: [${Array.from({ length: count }, (_, at) => `{ name: S${at} }`).join(', ')}]`;
    expect(obstacles(text({ slots: many(16) }))).toEqual([]);
    expect(obstacles(text({ slots: many(17) }))).toEqual(['unsupported 3:14']);
  });

  test('plugs of several slots that nothing tells apart', () => {
    const wired = (identity: string) =>
      text({ plugs: [`{ name: Fixture, driver: scpi, ${resource(identity)} }`, SHARED] });
    expect(obstacles(wired(''))).toEqual(['slots 5:9']);
    expect(obstacles(wired(", identity: '^ACME,'"))).toEqual(['slots 5:9']);
    expect(load(wired('')).obstacles[0]!.message).toContain('nothing tells them apart');
    expect(obstacles(wired(", identity: '^ACME,FX-${channel}$'"))).toEqual([]);
    const shared = `{ name: Fixture, driver: scpi, scope: execution, ${resource('')} }`;
    expect(obstacles(text({ plugs: [shared, SHARED] }))).toEqual([]);
    expect(
      obstacles(
        text({ slots: 'slots: [{ name: Left }]', plugs: [`{ name: Fixture, driver: scpi, ${resource('')} }`, SHARED] }),
      ),
    ).toEqual([]);
  });

  test('something about a shared plug that depends on a slot', () => {
    const shared = "{ name: Fixture, driver: scpi, scope: station, safe_state: ['OFF ${channel}'] }";
    expect(obstacles(text({ plugs: [shared, SHARED] }))).toEqual(['slots 5:9']);
  });

  test.each([
    ["{ name: S, scope: execution, steps: [{ write: { plug: fixture, command: 'ON' } }] }", 'it cannot use “fixture”'],
    [
      "{ name: S, scope: execution, steps: [{ write: { plug: dmm, command: 'ON ${channel}' } }] }",
      'no parameter of a slot',
    ],
    ['{ name: S, scope: execution, when: ${channel} == 1, steps: [{ wait: 1ms }] }', 'no parameter of a slot'],
    ["{ name: S, scope: execution, when: unit.serial_number == 'A', steps: [{ wait: 1ms }] }", 'about one unit'],
    ['{ name: S, scope: execution, depends_on: [a], steps: [{ wait: 1ms }] }', 'cannot depend on “a”'],
  ])('a phase for all that speaks of one: %s', (phase, why) => {
    expect(obstacles(setup(phase))).toEqual(['slots 7:5']);
    expect(load(setup(phase)).obstacles[0]!.message).toContain(why);
  });

  test('a phase for all in main, where each slot has its own', () => {
    const rest = 'main:\n  - { name: A, scope: execution, steps: [{ wait: 1ms }] }\n';
    expect(obstacles(text({ rest }))).toEqual(['slots 7:5']);
    expect(obstacles(text({ rest, slots: 'slots: [{ name: Left }]' }))).toEqual([]);
  });

  test('a phase for all may use what all share, and ask about one like it; then units start together', () => {
    const phases = `setup:
  - { name: Warm, scope: execution, steps: [{ query: { plug: dmm, command: 'T?' } }] }
  - { name: Warmer, scope: execution, when: phase.warm.outcome == 'PASS', steps: [{ wait: 1ms }] }
`;
    const procedure = load(text({ rest: phases + MAIN }));
    expect(procedure.obstacles).toEqual([]);
    expect(startsTogether(procedure)).toBe(true);
    expect(startsTogether(load(text({})))).toBe(false);
    expect(startsTogether(load(text({ rest: phases + MAIN, slots: 'slots: [{ name: Left }]' })))).toBe(false);
    expect(startsTogether(load(setup('{ name: S, scope: execution, enabled: false, steps: [{ wait: 1ms }] }')))).toBe(
      false,
    );
  });
});

describe('rule 15: a check of slots', () => {
  const checked = (rest: string) =>
    parse(text({ rest }), 'procedure.yaml', { drivers: ['scpi', 'scpi-dmm'], readings: () => [], lints: true })
      .problems.filter(({ code }) => code === 'slot-unnamed')
      .map(({ line, column }) => `${line}:${column}`);

  test('says where a shared instrument is asked the same in every slot', () => {
    const phase = (command: string, more = '') =>
      `main:\n  - { name: A, steps: [{ query: { plug: dmm, command: '${command}' } }${more}] }\n`;
    expect(checked(phase('V?'))).toEqual(['7:5']);
    expect(checked(phase('V? ${channel}'))).toEqual([]);
    expect(
      checked(phase('V?', ", { write: { plug: fixture, command: 'REL ON' } }")),
      'its own fixture may lead there',
    ).toEqual([]);
    expect(checked('main:\n  - { name: A, steps: [{ wait: 1ms }] }\n')).toEqual([]);
  });
});
