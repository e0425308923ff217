import { createHash } from 'node:crypto';
import { plain } from '../plain.ts';
import { css } from './look/style.ts';
import { markup, Markup, type Part } from './markup/markup.ts';

/** The content of a page. */
export interface Page {
  /** From outside. */
  readonly title: string;
  readonly body: Part;
}

/** The hash by which a browser allows our style sheet and no other. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

const policy = `default-src 'none'; style-src 'sha256-${hashOf(css)}'; img-src data:; base-uri 'none'; form-action 'none'`;

/**
 * A whole page in one file that loads nothing and runs nothing: its head forbids both, before anything else is read. Without its
 * style sheet it says the same.
 */
export const pageOf = ({ title, body }: Page): string =>
  String(markup`${Markup.own('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${Markup.own(policy)}">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>${plain(title, 100)}</title>
<style>${Markup.own(css)}</style></head>
<body><main>${body}</main></body></html>
`);
