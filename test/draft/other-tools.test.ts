import { describe, expect, test } from 'vitest';
import { ContendError } from '../../src/core/errors.ts';
import { drafted } from './drafted.ts';

const files: readonly (readonly [what: string, text: string])[] = [
  ['a k6 script', "import http from 'k6/http';\nexport default function () { http.get('http://h.test'); }"],
  ['a k6 script', 'import { check } from \'k6\';\nimport { htmlReport } from "https://jslib.k6.io/x.js";'],
  ['a k6 script', "const http = require('k6/http');"],
  ['a Locust file', 'from locust import HttpUser, task\n\nclass A(HttpUser):\n  pass'],
  ['a Locust file', '# load\nimport locust\n'],
  ['a JMeter test plan', '<?xml version="1.0"?>\n<jmeterTestPlan version="1.2"/>'],
  ['an Artillery script', 'config:\n  target: http://h.test\n  phases: []\nscenarios:\n  - flow: []'],
  ['an Artillery script', '{"config": {"target": "http://h.test"}, "scenarios": []}'],
  ['a Gatling simulation', 'package x\nimport io.gatling.core.Predef._'],
  ['a Taurus file', 'execution:\n- concurrency: 10\nscenarios:\n  a: {}'],
  ['an .http file', '### list\nGET http://h.test/a\nAccept: */*'],
  ['an .http file', '@host = http://h.test\nGET {{host}}/a'],
  ['an .http file', 'POST https://h.test/a HTTP/1.1\ncontent-type: application/json\n\n{"a":1}'],
  ['a script for wrk', 'wrk.method = "POST"\nwrk.body = "x"'],
  ['a script for wrk', 'request = function()\n  return wrk.format("GET")\nend'],
  ['a command of wget', 'wget -q http://h.test/a'],
  ['a command of HTTPie', 'http POST h.test/a name=x'],
  ['a call of fetch', 'await fetch("http://h.test/a", { method: "POST" })'],
  ['a k6 script', 'import http from"k6/http";export default()=>{http.get("http://h.test")}'],
  ['a k6 script', "const http = await import('k6/http');\ncurl('http://h.test');"],
  ['a Locust file', 'import time, locust\n\nclass A(locust.HttpUser):\n  pass'],
  ['an Artillery script', 'scenarios:\n  - flow: []\nconfig:\n  target: http://h.test'],
  [
    'an Artillery script',
    "export const config = { target: 'http://h.test' };\nexport const scenarios = [{ flow: [] }];",
  ],
  ['an .http file', '# @name list\nGET {{host}}/a HTTP/1.1'],
  ['a JMeter test plan', 'import static us.abstracta.jmeter.javadsl.JmeterDsl.*;\nclass A {}'],
  ['a Playwright test', "import { test } from '@playwright/test';\ntest('a', async ({ page }) => {});"],
  [
    'a SoapUI project',
    '<?xml version="1.0"?>\n<con:soapui-project name="x" xmlns:con="http://eviware.com/soapui/config"/>',
  ],
  ['a Tsung scenario', '<?xml version="1.0"?>\n<tsung loglevel="notice"/>'],
  ['a service description in WSDL', '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>'],
  ['a RAML document', '#%RAML 1.0\ntitle: Shop\n/pets:\n  get:'],
  ['an API Blueprint', 'FORMAT: 1A\n# Shop\n## GET /pets'],
  ['an AsyncAPI document', 'asyncapi: 2.6.0\ninfo: { title: a }'],
  ['a GraphQL schema', 'type Query {\n  me: User\n}'],
  ['a file of Protocol Buffers', 'syntax = "proto3";\nservice A {}'],
  ['a Thunder Client collection', '{"clientName": "Thunder Client", "collectionName": "a", "requests": []}'],
  ['a Hoppscotch collection', '[{"v": 2, "name": "a", "folders": [], "requests": []}]'],
  ['a command of PowerShell', 'Invoke-WebRequest -UseBasicParsing -Uri "http://h.test/a" `\n-Method POST'],
  ['a command of PowerShell', 'curl -Uri "http://h.test/a" -Method POST -Body "x"'],
  ['a command of another load generator', 'autocannon -c 100 http://h.test/a'],
  ['a command of another load generator', 'hey -n 1000 -c 10 http://h.test/a'],
  ['a Bruno request', 'meta {\n  name: a\n}\nget {\n  url: http://h.test/a\n}'],
  ['a Hurl file', 'GET http://h.test/a\nHTTP 200'],
  ['an Insomnia export', '{"_type":"export","__export_format":4,"resources":[]}'],
];

describe('a file of another tool is recognised as what it is, with where to look', () => {
  test.each(files)('%s', (what, text) => {
    let refusal: unknown;
    try {
      drafted(text);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ContendError);
    expect((refusal as ContendError).message).toBe(`given is ${what}, which is not read.`);
    expect((refusal as ContendError).hint).toContain('docs/coming-from.md');
  });
});

test('what is read is read, whatever it says of other tools', () => {
  const description = 'As in k6: import http from "k6/http"; GET http://h.test/a';
  const document = { openapi: '3.0.3', info: { title: 'a', description }, paths: { '/a': { get: { responses: {} } } } };
  expect(drafted(JSON.stringify(document)).draft.steps.length).toBe(1);
  expect(
    drafted(
      `openapi: 3.0.3\ninfo:\n  description: |\n    ### x\n    GET http://h.test/a\npaths: { /a: { get: { responses: {} } } }`,
    ).draft.steps.length,
  ).toBe(1);
  expect(drafted('# http POST h.test\ncurl http://h.test/a\nwget http://h.test/b').draft.steps.length).toBe(1);
});
