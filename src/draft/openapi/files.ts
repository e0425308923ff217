import { pathFrom } from './document.ts';

const mostFiles = 20_000;
const mostCharacters = 64 * 1024 * 1024;

/**
 * Reads the files that a document refers to, those that they refer to, and so on.
 *
 * @param text the document's
 * @param read gives the text of a file by its path from the document's folder; `undefined` if there is none
 * @returns texts by path; empty if it is not an OpenAPI document
 */
export const filesBeside = async (
  text: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>();
  if (!/["']?(?:openapi|swagger)["']?\s*:/.test(text.slice(0, 100_000))) return files;
  const asked = new Set<string>();
  const waiting = namedIn(text, '');
  let characters = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (asked.has(path) || asked.size >= mostFiles || characters > mostCharacters) continue;
    asked.add(path);
    const found = await read(path);
    if (found === undefined) continue;
    files.set(path, found);
    characters += found.length;
    waiting.push(...namedIn(found, path));
  }
  return files;
};

/** The files that a text refers to: relative paths of YAML and JSON, no URLs. */
const namedIn = (text: string, file: string): string[] => [
  ...new Set(
    [...text.matchAll(/["']?\$ref["']?\s*:\s*(?:"([^"\n#]+)[^"\n]*"|'([^'\n#]+)[^'\n]*'|([^\s"'#,}\]]+))/g)]
      .map(([, double, single, bare]) => (double ?? single ?? bare)!.trim())
      .filter((path) => /\.(?:ya?ml|json)$/i.test(path) && !/^(?:[a-z][a-z\d+.-]*:|[/\\])/i.test(path))
      .map((path) => pathFrom(file, path)),
  ),
];
