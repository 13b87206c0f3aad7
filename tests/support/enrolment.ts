/** The address fragment that makes a browser a station, as the contract writes it. */
export interface Enrolment {
  readonly station: string;
  readonly key: string;
  readonly procedure?: string;
  readonly pin?: string;
}

export function enrolmentPath(enrolment: Enrolment): string {
  return `/#enroll=${Buffer.from(JSON.stringify(enrolment)).toString('base64url')}`;
}
