/**
 * Each call that the sandbox knows: its method, its path, and its answer.
 *
 * Knows nothing of keys, limits or faults: sandbox-api.ts has dealt with them.
 */
import * as v from 'valibot';
import { apiError, type ApiIssue } from '#server/api-error.ts';
import type { Caller } from '#server/sandbox/caller.ts';
import { PEOPLE } from '#server/sandbox/people.ts';
import { wholeRun } from '#server/sandbox/read-model.ts';
import { checkRunBody, issuesOf, metadata, metadataPatch, uuid, type Metadata } from '#server/sandbox/run-body.ts';
import { pageOf } from '#server/sandbox/run-list.ts';
import { readRunQuery } from '#server/sandbox/run-query.ts';
import type { Sandbox } from '#server/sandbox/sandbox.ts';

export interface Call {
  readonly sandbox: Sandbox;
  readonly caller: Caller;
  readonly url: URL;
  readonly origin: string;
  /** What stood in the path's places, e.g. the run's id. */
  readonly parts: readonly string[];
  readonly data: unknown;
  readonly bytes: number;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly pattern: RegExp;
  readonly takesBody: boolean;
  readonly answer: (call: Call) => Response | Promise<Response>;
}

export const CALLS: readonly Route[] = [
  { method: 'POST', pattern: /^\/v2\/runs$/i, takesBody: true, answer: postRun },
  { method: 'GET', pattern: /^\/v2\/runs$/i, takesBody: false, answer: listRuns },
  { method: 'GET', pattern: /^\/v2\/runs\/([^/]+)$/i, takesBody: false, answer: getRun },
  { method: 'PATCH', pattern: /^\/v2\/runs\/([^/]+)$/i, takesBody: true, answer: linkAttachments },
  { method: 'PATCH', pattern: /^\/v2\/runs\/([^/]+)\/metadata$/i, takesBody: true, answer: patchMetadata },
  { method: 'POST', pattern: /^\/v2\/runs\/([^/]+)\/attachments$/i, takesBody: true, answer: announceForRun },
  { method: 'POST', pattern: /^\/v2\/attachments$/i, takesBody: true, answer: announce },
  { method: 'POST', pattern: /^\/v2\/attachments\/([^/]+)\/finalize$/i, takesBody: false, answer: finalize },
  { method: 'GET', pattern: /^\/v2\/stations\/current$/i, takesBody: false, answer: currentStation },
  { method: 'GET', pattern: /^\/v2\/users$/i, takesBody: false, answer: listUsers },
  { method: 'GET', pattern: /^\/v2\/procedures$/i, takesBody: false, answer: listProcedures },
];

function json(data: unknown): Response {
  return Response.json(data, { headers: { 'cache-control': 'no-store' } });
}

function invalid(issues: readonly ApiIssue[]): Response {
  return apiError('BAD_REQUEST', 'Input validation failed', { issues });
}

async function postRun({ sandbox, caller, data, bytes }: Call): Promise<Response> {
  const checked = checkRunBody(data);
  if ('issues' in checked) return invalid(checked.issues);
  const { body } = checked;
  const procedures = await sandbox.procedures();
  const procedure = procedures.find(({ id }) => id.toLowerCase() === body.procedure_id.toLowerCase());
  if (!procedure)
    return caller.kind === 'user'
      ? apiError('NOT_FOUND', 'Procedure not found.')
      : apiError('FORBIDDEN', 'This station is not linked to the procedure. Link it in the dashboard first.');
  if (body.deployment_id) return apiError('NOT_FOUND', 'Deployment not found.');
  const stranger = body.sub_units?.find((serial) => !sandbox.runs.unit(serial));
  if (stranger !== undefined) return apiError('NOT_FOUND', `Sub-unit ${stranger} not found.`);
  const run = sandbox.runs.post(body, { caller, procedureName: procedure.name, arrivedMs: sandbox.nowMs(), bytes });
  return json({ id: run.id });
}

function listRuns({ sandbox, url }: Call): Response {
  const read = readRunQuery(url.searchParams);
  return 'issues' in read ? invalid(read.issues) : json(pageOf(sandbox.runs.all(), read.query));
}

function getRun({ sandbox, parts, origin }: Call): Response {
  const run = sandbox.runs.get(parts[0] ?? '');
  if (!run) return apiError('NOT_FOUND', 'Run not found.');
  const files = run.attachments.flatMap((id) => sandbox.attachments.get(id) ?? []);
  return json(wholeRun(run, files, (id) => `${origin}/sandbox/files/${id}`));
}

const Link = v.strictObject({ attachments: v.optional(v.array(uuid)) });

function linkAttachments({ sandbox, parts, data }: Call): Response {
  const read = v.safeParse(Link, data);
  if (!read.success) return invalid(issuesOf(read.issues));
  const run = sandbox.runs.get(parts[0] ?? '');
  if (!run) return apiError('NOT_FOUND', 'Run not found.');
  const wanted = (read.output.attachments ?? []).map((id) => id.toLowerCase());
  if (wanted.some((id) => !sandbox.attachments.get(id))) return apiError('NOT_FOUND', 'Attachment not found.');
  run.attachments.push(...wanted.filter((id, index) => !run.attachments.includes(id) && wanted.indexOf(id) === index));
  return json({ id: run.id });
}

const MetadataUpdate = v.strictObject({ metadata: metadataPatch });

function patchMetadata({ sandbox, parts, data }: Call): Response {
  const read = v.safeParse(MetadataUpdate, data);
  if (!read.success) return invalid(issuesOf(read.issues));
  const run = sandbox.runs.get(parts[0] ?? '');
  if (!run) return apiError('NOT_FOUND', 'Run not found.');
  const merged = Object.entries({ ...run.metadata, ...read.output.metadata }).filter(([, value]) => value !== null);
  const whole = v.safeParse(metadata, Object.fromEntries(merged));
  if (!whole.success) return invalid(issuesOf(whole.issues));
  run.metadata = Object.fromEntries(merged) as Metadata;
  sandbox.runs.revision += 1;
  return json({ id: run.id });
}

const Announcement = v.strictObject({
  name: v.pipe(
    v.string(),
    v.minLength(1, 'Must contain at least 1 character'),
    v.maxLength(255, 'Longer than 255 characters'),
  ),
});

function announce({ sandbox, data, origin }: Call, link?: (id: string) => void): Response {
  const read = v.safeParse(Announcement, data);
  if (!read.success) return invalid(issuesOf(read.issues));
  const { file, token } = sandbox.attachments.announce(read.output.name);
  link?.(file.id);
  return json({ id: file.id, upload_url: `${origin}/tofupilot/upload/${token}` });
}

function announceForRun(call: Call): Response {
  const run = call.sandbox.runs.get(call.parts[0] ?? '');
  if (!run) return apiError('NOT_FOUND', 'Run not found.');
  return announce(call, (id) => run.attachments.push(id));
}

function finalize({ sandbox, parts, origin }: Call): Response {
  const file = sandbox.attachments.get(parts[0] ?? '');
  if (!file?.content) return apiError('NOT_FOUND', 'Attachment not found, or nothing was uploaded.');
  file.size = file.content.bytes.length;
  file.contentType = file.content.type;
  return json({ url: `${origin}/sandbox/files/${file.id}` });
}

/** TofuPilot counts a procedure's runs of the last seven days. */
const COUNTED_MS = 7 * 24 * 3_600_000;

async function currentStation({ sandbox, caller }: Call): Promise<Response> {
  if (caller.kind === 'user') return apiError('FORBIDDEN', 'Only a station key stands for a station.');
  const since = sandbox.nowMs() - COUNTED_MS;
  const counts = new Map<string, number>();
  for (const { body, arrivedMs } of sandbox.runs.all()) {
    const id = body.procedure_id.toLowerCase();
    if (arrivedMs >= since) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const procedures = (await sandbox.procedures()).map(({ id, name }) => ({
    id,
    name,
    runs_count: counts.get(id.toLowerCase()) ?? 0,
  }));
  const { id, name, preview } = caller;
  return json({ id, name, api_key: preview, procedures, organization_slug: 'sandbox', team: null });
}

function listUsers({ caller, url }: Call): Response {
  const own = ['true', '1'].includes(url.searchParams.get('current') ?? '');
  return json(own && caller.kind === 'station' ? [] : PEOPLE);
}

async function listProcedures({ sandbox }: Call): Promise<Response> {
  return json({ data: await sandbox.procedures(), meta: { has_more: false, next_cursor: null } });
}
