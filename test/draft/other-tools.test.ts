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
  ['an Insomnia export', '{"_type":"export","__export_format":4,"resources":[]}'],
];

describe('a file of another tool is told as what it is, with where to look', () => {
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
