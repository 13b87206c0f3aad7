/**
 * What must not stand in a file that stations read and a repository keeps: keys, tokens, passwords.
 *
 * A guess on the safe side, by names and by forms; hashes of badges are meant to be there. The value is never repeated.
 */

/** Words of a key's name; of two words, both in this order. `pin` is left out: connectors have pins, too. */
const NAMES =
  /(?:^|_)(?:password|passwd|passphrase|secret|token|credentials?|bearer|(?:api|private|access|station|tofupilot)_?key)(?:_|$)/;
/** A private key, a JSON Web Token, an authorisation header, and the forms that well-known services give their keys. */
const FORMS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/,
  /\b(?:Bearer|Basic)\s+[\w+/=.-]{12,}/i,
  /\b(?:tp|tofupilot|sk|pk|ghp|gho|glpat|xox[abp])[-_][A-Za-z0-9_-]{10,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\/\/[^/\s:@]+:[^/\s:@]+@/,
];

export function isSecretName(key: string): boolean {
  return NAMES.test(
    key
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replaceAll(/[\s.-]+/g, '_')
      .toLowerCase(),
  );
}

export function looksSecret(value: unknown): boolean {
  return typeof value === 'string' && FORMS.some((form) => form.test(value));
}
