/** Files of other tools, as what they are is seen in them; none of them is read. */
const tools: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a k6 script', /\bfrom\s+["'](?:https:\/\/jslib\.)?k6(?:[/.][^"']*)?["']|\brequire\(["']k6(?:\/[^"']*)?["']\)/],
  ['a Locust file', /^\s*(?:from\s+locust\b[^\n]*\bimport|import\s+locust\b)/m],
  ['a JMeter test plan', /<jmeterTestPlan\b/],
  ['a Gatling simulation', /\bio\.gatling\.|@gatling\.io\//],
  ['a Taurus file', /^["']?execution["']?\s*:[^]*^["']?scenarios["']?\s*:/m],
  [
    'an Artillery script',
    /^["']?config["']?\s*:[^]*^["']?scenarios["']?\s*:|^\s*\{[^]*"config"\s*:[^]*"scenarios"\s*:/m,
  ],
  [
    'an .http file',
    /^###|^(?:@[\w-]+\s*=.*\n+)*\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?:\/\/|\{\{|\/)\S*/m,
  ],
  [
    'a script for wrk',
    /^\s*(?:wrk\.(?:method|body|headers|format|path)\b|(?:local\s+)?function\s+(?:request|response|setup|done)\s*\()|^\s*(?:request|response|done)\s*=\s*function\b/m,
  ],
  ['a Vegeta target list', /^(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+https?:\/\/\S+\s*\n(?:[\w-]+:\s|@)/m],
  ['a Hurl file', /^HTTP(?:\/[\d.]+)?\s+(?:\d{3}|\*)\s*$/m],
  ['a command of wget', /^\s*(?:\$\s+)?wget\s/m],
  [
    'a command of HTTPie',
    /^\s*(?:\$\s+)?https?\s+(?:-\S+\s+)*(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?[\w.:/-]+/m,
  ],
  ['a call of fetch', /^\s*(?:await\s+)?fetch\(/m],
  ['an Insomnia export', /["']?_type["']?\s*:\s*["']?export["']?|^["']?type["']?\s*:\s*collection\.insomnia/m],
  ['a Bruno request', /^(?:meta|get|post|put|patch|delete)\s*\{\s*$/m],
];

/** Which other tool a file is of; undefined where nobody knows. */
export const toolOf = (text: string): string | undefined => {
  const start = text.slice(0, 50_000);
  return tools.find(([, pattern]) => pattern.test(start))?.[0];
};

/** What helps whoever comes with such a file. */
export const otherwise = (what: string): string =>
  /fetch|wget|HTTPie|\.http|Insomnia|Bruno|Hurl/.test(what)
    ? 'Give its requests as curl commands, or a recording (HAR): contend init FILE --from requests.sh. docs/coming-from.md says what is what.'
    : 'The same test in contend, beside the words of that tool: docs/coming-from.md. A curl command, a HAR file, a Postman collection or an OpenAPI document can be read.';
