/** How a message names a PowerShell command. */
export const powerShell = 'a command of PowerShell';

/** How to recognize files of other tools. None of them can be read. */
const tools: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'a k6 script',
    /\b(?:from|import)\s*["'`](?:https:\/\/jslib\.)?k6(?:[/.][^"'`]*)?["'`]|\b(?:require|import)\(\s*["'`]k6(?:\/[^"'`]*)?["'`]\s*\)/,
  ],
  ['a Locust file', /^\s*(?:from\s+locust\b[^\n]*\bimport|import\s+(?:[\w.]+\s*,\s*)*locust\b)/m],
  ['a JMeter test plan', /<jmeterTestPlan\b|^\s*(?:import\s+static\s+us\.abstracta\.jmeter)/m],
  ['a Gatling simulation', /\bio\.gatling\.|@gatling\.io\//],
  ['a Playwright test', /\bfrom\s*["']@playwright\/test["']|\brequire\(["']@playwright\/test["']\)/],
  ['a SoapUI project', /<(?:\w+:)?soapui-project\b/],
  ['a Tsung scenario', /<tsung\b|tsung-1\.0\.dtd/],
  [
    'a service description in WSDL',
    /<(?:\w+:)?definitions\b[^>]*schemas\.xmlsoap\.org\/wsdl|<(?:\w+:)?description\b[^>]*\/ns\/wsdl/,
  ],
  ['a RAML document', /^#%RAML\b/],
  ['an API Blueprint', /^FORMAT:\s*1A\b/m],
  ['an AsyncAPI document', /^["']?asyncapi["']?\s*:|^\s*\{[^]{0,200}?"asyncapi"\s*:/m],
  ['a Swagger 1 document', /["']?swaggerVersion["']?\s*:/],
  ['a GraphQL schema', /^\s*(?:extend\s+)?type\s+(?:Query|Mutation)\b[^\n{]*\{|^\s*schema\s*(?:@\w+\s*)*\{\s*$/m],
  ['a file of Protocol Buffers', /^\s*syntax\s*=\s*["']proto[23]["']/m],
  ['a Thunder Client collection', /"clientName"\s*:\s*"Thunder Client"/],
  [
    'a Hoppscotch collection',
    /^\s*(?:\[\s*)?\{[^]*"folders"\s*:\s*\[[^]*"requests"\s*:\s*\[|"endpoint"\s*:\s*"[^]*"preRequestScript"\s*:/,
  ],
  [powerShell, /\bInvoke-(?:WebRequest|RestMethod)\b|^\s*(?:iwr|irm)\s+\S/m],
  ['a Taurus file', /^["']?execution["']?\s*:[^]*^["']?scenarios["']?\s*:/m],
  [
    'an Artillery script',
    /^["']?(?:config|scenarios)["']?\s*:[^]*^["']?(?:scenarios|config)["']?\s*:|^\s*\{[^]*"config"\s*:[^]*"scenarios"\s*:|\bexport\s+const\s+config\b[^]*\bexport\s+const\s+scenarios\b/m,
  ],
  ['a Hurl file', /^HTTP(?:\/[\d.]+)?\s+(?:\d{3}|\*)\s*$/m],
  [
    'an .http file',
    /^###|^(?:@[\w-]+\s*=.*\n+)*\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?:https?:\/\/|\{\{|\/)\S*/m,
  ],
  [
    'a script for wrk',
    /^\s*(?:wrk\.(?:method|body|headers|format|path)\b|(?:local\s+)?function\s+(?:request|response|setup|done)\s*\()|^\s*(?:request|response|done)\s*=\s*function\b/m,
  ],
  ['a Vegeta target list', /^(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+https?:\/\/\S+\s*\n(?:[\w-]+:\s|@)/m],
  ['a command of wget', /^\s*(?:\$\s+)?wget\s/m],
  [
    'a command of another load generator',
    /^\s*(?:\$\s+)?(?:npx\s+)?(?:autocannon|wrk2?|hey|oha|ab|siege|bombardier|h2load|vegeta|plow|cassowary|fortio)\s+(?:-\S|attack|load|https?:)/m,
  ],
  [
    'a command of HTTPie',
    /^\s*(?:\$\s+)?https?\s+(?:-\S+\s+)*(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?[\w.:/-]+/m,
  ],
  ['a call of fetch', /^\s*(?:await\s+)?fetch\(/m],
  ['an Insomnia export', /["']?_type["']?\s*:\s*["']?export["']?|^["']?type["']?\s*:\s*collection\.insomnia/m],
  ['a Bruno request', /^(?:meta|get|post|put|patch|delete)\s*\{\s*$/m],
];

/** The tool that a file belongs to. `undefined` if unknown. */
export const toolOf = (text: string): string | undefined => {
  const start = text.slice(0, 50_000);
  return tools.find(([, pattern]) => pattern.test(start))?.[0];
};

/** What to do with such a file. */
export const otherwise = (what: string): string =>
  /fetch|wget|HTTPie|\.http|Insomnia|Bruno|Hurl|Thunder|Hoppscotch|PowerShell|SoapUI|WSDL|RAML|Blueprint|GraphQL|Protocol|AsyncAPI|Swagger 1|Playwright/.test(
    what,
  )
    ? 'Give its requests as curl commands, or a recording (HAR): contend init FILE --from requests.sh. docs/coming-from.md says what is what.'
    : 'The same test in contend, beside the words of that tool: docs/coming-from.md. A curl command, a HAR file, a Postman collection or an OpenAPI document can be read.';
