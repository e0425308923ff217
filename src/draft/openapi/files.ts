import { pathFrom } from './document.ts';

const mostFiles = 20_000;
const mostCharacters = 64 * 1024 * 1024;

/**
 * Reads the files that a document names, those that they name, and so on.
 *
 * @param text of the document
 * @param read gives the text of a file by its path from the document's folder; undefined where there is none
 * @returns texts by path; empty for what is no OpenAPI document
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

/** The files that a text refers to: YAML and JSON by a path of their own, and nothing that an address names. */
const namedIn = (text: string, file: string): string[] => [
  ...new Set(
    [...text.matchAll(/["']?\$ref["']?\s*:\s*(?:"([^"\n#]+)[^"\n]*"|'([^'\n#]+)[^'\n]*'|([^\s"'#,}\]]+))/g)]
      .map(([, double, single, bare]) => (double ?? single ?? bare)!.trim())
      .filter((path) => /\.(?:ya?ml|json)$/i.test(path) && !/^(?:[a-z][a-z\d+.-]*:|[/\\])/i.test(path))
      .map((path) => pathFrom(file, path)),
  ),
];
