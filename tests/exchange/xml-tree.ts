/** A document as a tree, read by a parser that refuses whatever XML 1.0 and its name spaces refuse. */
import { SaxesParser } from 'saxes';

export interface Node {
  /** Name space and local name: `urn:…:Common Datum`. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

export function xmlTree(document: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.values(tag.attributes).filter(
      ({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns',
    );
    const node: Node = {
      name: `${tag.uri} ${tag.local}`,
      attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
      children: [],
      text: '',
    };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  parser.on('text', (text) => (open.at(-1)!.text += text));
  parser.on('closetag', () => open.pop());
  parser.write(document).close();
  return root.children[0]!;
}

export const local = ({ name }: Node) => name.split(' ')[1]!;

export function all(node: Node, name: string): Node[] {
  return [...(local(node) === name ? [node] : []), ...node.children.flatMap((child) => all(child, name))];
}

export const child = (node: Node, name: string) => node.children.find((one) => local(one) === name);
