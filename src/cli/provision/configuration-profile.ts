/**
 * Policies as a configuration profile for macOS, and the agent that starts the browser full screen and again when it ends.
 *
 * Pure, and the same for the same station: the identifiers that a profile needs are made of its names. Below:
 * browser-policies.ts. Knows nothing of who installs it.
 */
import { createHash } from 'node:crypto';
import { chromePolicies, edgePolicies, type Policies } from './browser-policies.ts';
import type { StationPlan } from './station-plan.ts';
import { escapedXml } from './xml-text.ts';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;
const TAIL = '\n</plist>\n';
export const AGENT_LABEL = 'org.fieldbench.station';
const CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** Between two starts of a browser that ends at once. */
const THROTTLE_S = 10;

export function configurationProfile(plan: StationPlan): string {
  const identifier = `${AGENT_LABEL}.${plan.station}`;
  const payload = (type: string, policies: Policies) => ({
    ...policies,
    PayloadType: type,
    PayloadIdentifier: `${identifier}.${type}`,
    PayloadUUID: uuidOf(`${identifier}.${type}`),
    PayloadVersion: 1,
  });
  return document({
    PayloadContent: [
      payload('com.google.Chrome', chromePolicies(plan)),
      payload('com.microsoft.Edge', edgePolicies(plan)),
    ],
    PayloadDescription: `Lets ${plan.origin} use the fixtures of station ${plan.station}, and nothing else.`,
    PayloadDisplayName: `Fieldbench ${plan.station}`,
    PayloadIdentifier: identifier,
    PayloadScope: 'System',
    PayloadType: 'Configuration',
    PayloadUUID: uuidOf(identifier),
    PayloadVersion: 1,
  });
}

export function launchAgent({ origin }: StationPlan): string {
  return document({
    Label: AGENT_LABEL,
    ProgramArguments: [CHROME, '--kiosk', '--no-first-run', '--hide-crash-restore-bubble', `${origin}/`],
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: THROTTLE_S,
    LimitLoadToSessionType: 'Aqua',
  });
}

/** RFC 9562, version 8: made of a name by a hash that the RFC leaves open. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-A${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function document(value: unknown): string {
  return `${HEAD}${element(value, '')}${TAIL}`;
}

function element(value: unknown, indent: string): string {
  if (typeof value === 'boolean') return `${indent}<${value}/>`;
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`;
  if (typeof value === 'string') return `${indent}<string>${escapedXml(value)}</string>`;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return wrapped(
      'array',
      value.map((item) => element(item, inner)),
      indent,
    );
  const entries = Object.entries(value as object).map(
    ([key, item]) => `${inner}<key>${escapedXml(key)}</key>\n${element(item, inner)}`,
  );
  return wrapped('dict', entries, indent);
}

function wrapped(tag: string, inside: readonly string[], indent: string): string {
  return `${indent}<${tag}>\n${inside.join('\n')}\n${indent}</${tag}>`;
}
