/**
 * An error in the words of TofuPilot's API: what relay and sandbox answer with.
 *
 * One shape for both, so that a station reads the relay's own refusals as it reads the server's. Knows nothing of why.
 */
export type ApiCode =
  | 'BAD_REQUEST'
  | 'PARSE_ERROR'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_EARLY'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_GATEWAY'
  | 'SERVICE_UNAVAILABLE'
  | 'GATEWAY_TIMEOUT';

export interface ApiIssue {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly code: string;
}

const STATUS: Record<ApiCode, number> = {
  BAD_REQUEST: 400,
  PARSE_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_EARLY: 425,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
};

export function apiError(
  code: ApiCode,
  message: string,
  extra: { issues?: readonly ApiIssue[]; headers?: Record<string, string> } = {},
): Response {
  const body = { message, code, ...(extra.issues ? { issues: extra.issues } : {}) };
  return Response.json(body, { status: STATUS[code], headers: { 'cache-control': 'no-store', ...extra.headers } });
}
