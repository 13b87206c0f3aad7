/**
 * What the schemas of IEEE 1636.1 (TestResults) and IEEE 1671 (Common) demand of the elements that are written here:
 * which attributes, which children, in which order. From the published schemas; only what occurs.
 */
import { local, type Node } from './xml-tree.ts';

const TRC = 'urn:IEEE-1636.1:2013:TestResultsCollection';
const TR = 'urn:IEEE-1636.1:2013:TestResults';
const C = 'urn:IEEE-1671:2010:Common';
const OURS = 'urn:fieldbench:run';

interface Rule {
  readonly space: string;
  /** As a regular expression over the children's names, each followed by a space. */
  readonly children: RegExp;
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

const ACTION = '(Description )?(Events )?(Parameters )?(Data )?(EnvironmentalData )?(Extension )?';
const ACTION_ATTRIBUTES = {
  required: ['ID', 'startDateTime'],
  optional: ['name', 'endDateTime', 'simulated'],
} as const;
const TEST = `${ACTION}Outcome (TestLimits )?(TestResult )*`;
const UNITS = ['standardUnit', 'nonStandardUnit'] as const;
const VALUE = /^(Datum |Collection |IndexedArray )$/;

const RULES: Readonly<Record<string, Rule>> = {
  TestResultsCollection: { space: TRC, children: /^(TestResults )+$/ },
  // An xs:all: any order, each once. The order here is that of the reports that other programs write.
  TestResults: {
    space: TRC,
    children: /^Personnel ResultSet TestProgram TestStation UUT $/,
    required: ['uuid'],
  },
  Personnel: { space: TR, children: /^SystemOperator $/ },
  SystemOperator: { space: TR, children: /^$/, required: ['ID'], optional: ['name'] },
  ResultSet: { space: TR, children: new RegExp(`^${TEST}(TestGroup |Test )*$`), ...ACTION_ATTRIBUTES },
  TestGroup: { space: TR, children: new RegExp(`^${TEST}(TestGroup |Test )*$`), ...ACTION_ATTRIBUTES },
  Test: { space: TR, children: new RegExp(`^${TEST}$`), ...ACTION_ATTRIBUTES },
  TestResult: {
    space: TR,
    children: /^(Outcome )?(TestData )?(TestLimits )?$/,
    required: ['ID'],
    optional: ['name'],
  },
  Outcome: { space: TR, children: /^$/, required: ['value'], optional: ['qualifier'] },
  Description: { space: TR, children: /^$/ },
  Events: { space: TR, children: /^(Event )+$/ },
  Event: { space: TR, children: /^(Message )*$/, required: ['ID', 'source'], optional: ['severity', 'timeStamp'] },
  Message: { space: TR, children: /^$/ },
  Data: { space: TR, children: VALUE },
  Extension: { space: TR, children: /^.+$/ },
  TestData: { space: TR, children: VALUE },
  TestLimits: { space: TR, children: /^(Limits )+$/ },
  Limits: { space: TR, children: /^(Expected |SingleLimit |LimitPair )$/ },
  TestProgram: { space: TR, children: /^Definition SerialNumber $/ },
  TestStation: { space: TR, children: /^SerialNumber $/ },
  UUT: { space: TR, children: /^Definition SerialNumber $/ },
  Definition: { space: C, children: /^Identification $/ },
  Identification: { space: C, children: /^(Version )?ModelName (IdentificationNumbers )?$/ },
  IdentificationNumbers: { space: C, children: /^(IdentificationNumber )+$/ },
  IdentificationNumber: { space: C, children: /^$/, required: ['number', 'type', 'qualifier'] },
  Version: { space: C, children: /^$/ },
  ModelName: { space: C, children: /^$/ },
  SerialNumber: { space: C, children: /^$/ },
  Collection: { space: C, children: /^(Item )*$/ },
  Item: { space: C, children: VALUE, optional: ['name'] },
  Datum: { space: C, children: /^(Value )?$/, required: ['xsi:type'], optional: ['value', ...UNITS] },
  Value: { space: C, children: /^$/ },
  Expected: { space: C, children: VALUE, required: ['comparator'] },
  SingleLimit: { space: C, children: VALUE, required: ['comparator'] },
  LimitPair: { space: C, children: /^Limit Limit $/, required: ['operator'] },
  Limit: { space: C, children: VALUE, required: ['comparator'] },
};

const WORDS: Readonly<Record<string, RegExp>> = {
  'Outcome value': /^(Passed|Failed|Aborted|NotStarted|UserDefined)$/,
  'SingleLimit comparator': /^(GT|GE|LT|LE)$/,
  'Limit comparator': /^(GT|GE|LT|LE)$/,
  'Expected comparator': /^(EQ|NE)$/,
  'LimitPair operator': /^(AND|OR)$/,
  'IdentificationNumber type': /^(Part|Model|Other)$/,
  'Event severity': /^[0-4]$/,
  'Datum xsi:type': /^c:(double|boolean|string)$/,
  'TestResults uuid': /^[A-Fa-f0-9]{8}-([A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}$/,
};
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOT_BLANK = ['Description', 'Message', 'SerialNumber', 'ModelName', 'Version'];
/** A name without a colon, Namespaces in XML. */
const XML_ID = /^[A-Za-z_][\w.-]*$/;

/** @returns what is wrong, in words */
export function structureProblems(root: Node): string[] {
  const ids = new Set<string>();
  const problems: string[] = [];
  const visit = (node: Node): void => {
    const name = local(node);
    const [space] = node.name.split(' ');
    if (space === OURS) return;
    const rule = RULES[name];
    if (!rule || rule.space !== space) return void problems.push(`there is no ${node.name}`);
    const children = node.children.map((one) => `${local(one)} `).join('');
    if (!rule.children.test(children)) problems.push(`${name} holds ${children}`);
    const { required = [], optional = [] } = rule;
    for (const attribute of required) if (!node.attributes[attribute]) problems.push(`${name} has no ${attribute}`);
    for (const [attribute, value] of Object.entries(node.attributes)) {
      if (![...required, ...optional].includes(attribute)) problems.push(`${name} has ${attribute}`);
      if (value === '' && !(name === 'Datum')) problems.push(`${name} has an empty ${attribute}`);
      const words = WORDS[`${name} ${attribute}`] ?? (/Time|timeStamp/.test(attribute) ? MOMENT : null);
      if (words && !words.test(value)) problems.push(`${name} ${attribute} is ${value}`);
    }
    if (NOT_BLANK.includes(name) && node.text === '') problems.push(`${name} is blank`);
    if (node.children.length > 0 && node.text.trim() !== '') problems.push(`${name} holds text beside elements`);
    const { ID } = node.attributes;
    if (ID !== undefined && ['ResultSet', 'TestGroup', 'Test', 'TestResult'].includes(name)) {
      if (ids.has(ID) || !XML_ID.test(ID)) problems.push(`ID ${ID} is no ID, or there is another`);
      ids.add(ID);
    }
    if (name === 'Datum') problems.push(...datumProblems(node));
    node.children.forEach(visit);
  };
  visit(root);
  return problems;
}

function datumProblems({ attributes, children }: Node): string[] {
  const { 'xsi:type': type, value = '' } = attributes;
  if (type === 'c:string') return children.length === 1 ? [] : ['a text without c:Value'];
  const words = type === 'c:boolean' ? /^(true|false)$/ : /^(NaN|-?INF|[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)$/;
  return words.test(value) && children.length === 0 ? [] : [`a ${type} that is ${value}`];
}
