import { parse, type DefaultTreeAdapterMap, type ParserError } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** An element of a page, as a browser that follows the standard makes it of the text. */
export interface Found {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Of it and all that is in it, with single spaces. */
  readonly text: string;
  readonly element: Element;
}

/** A page as it is read by the standard's own parser. */
export interface Parsed {
  readonly errors: readonly ParserError[];
  /** Every element, in the order in which they begin. */
  readonly elements: readonly Found[];
  /** Those of one kind. */
  all(tag: string): readonly Found[];
}

const isElement = (node: Node): node is Element => 'tagName' in node;

const textIn = (node: Node): string => {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textIn).join('') : '';
};

const found = (element: Element): Found => ({
  tag: element.tagName,
  attributes: new Map(element.attrs.map(({ name, value }) => [name, value])),
  text: textIn(element).replaceAll(/\s+/gu, ' ').trim(),
  element,
});

/** Every element in another, in the order in which they begin. */
export const within = (node: Node): readonly Found[] =>
  'childNodes' in node
    ? node.childNodes.flatMap((child) => (isElement(child) ? [found(child), ...within(child)] : []))
    : [];

/** Reads a page. */
export const parsed = (text: string): Parsed => {
  const errors: ParserError[] = [];
  const document = parse(text, { sourceCodeLocationInfo: true, onParseError: (error) => errors.push(error) });
  const elements = within(document);
  return { errors, elements, all: (tag) => elements.filter((one) => one.tag === tag) };
};
