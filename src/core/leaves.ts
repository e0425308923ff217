import { writeJson } from './exact/write.ts';

const [mostValues, longestValue] = [6, 60];

/** The values in a map of maps, each by its path, in words: `body.debit 5, body.credit 6`. A list is one value; of six more are left out. */
export const leavesInWords = (values: unknown): string => {
  const leaves = leavesOf(values, '');
  const shown = leaves.slice(0, mostValues).map(([path, value]) => `${path} ${cut(writeJson(value))}`.trimStart());
  return `${shown.join(', ')}${leaves.length > mostValues ? ' …' : ''}`;
};

const cut = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text);

const leavesOf = (value: unknown, path: string): readonly (readonly [path: string, value: unknown])[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, path === '' ? name : `${path}.${name}`));
};
