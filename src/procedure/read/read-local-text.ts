/**
 * A text for operators: one, or a map of languages.
 *
 * Above: every reader of such a text. Knows nothing of which language is shown.
 */
import { isLanguage, type LocalText } from '#procedure/local-text.ts';
import { Fields } from '#procedure/read/fields.ts';

export function readLocalText(fields: Fields, key: string, max: number): LocalText | undefined {
  const node = fields.node(key);
  if (node?.kind !== 'map') return fields.text(key, { max, parameters: 'literal', mayBeEmpty: true }) || undefined;
  const tags = node.entries.map((entry) => entry.key);
  const texts = new Fields(fields.context, node, `${fields.what}, “${key}”`, tags);
  if (tags.length === 0) return fields.refuse('length', key, 'has no language');
  const read = tags.flatMap((tag) => {
    if (!isLanguage(tag)) {
      const proposed = tag.replace('_', '-');
      const meant = isLanguage(proposed) ? `; did you mean “${proposed}”?` : ', such as en, de or zh-TW';
      texts.error('identifier', texts.keyPlace(tag), `${texts.what}: “${tag}” is no language${meant}`);
    }
    const text = texts.require(tag) && texts.text(tag, { max, parameters: 'literal', mayBeEmpty: true });
    return text === undefined ? [] : [[tag, text] as const];
  });
  return Object.fromEntries(read);
}
