import { expect, test } from 'vitest';
import { documentText, json } from '../../src/report/json.ts';
import { exampleResult } from './example-result.ts';

test('the text is the document, indented by two spaces, with a newline at its end', () => {
  const text = documentText(exampleResult());
  expect(JSON.parse(text)).toEqual(exampleResult());
  expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,\n/);
  expect(text).toMatch(/\n\}\n$/);
});

test('the file is that text, as result.json', () => {
  expect(json(exampleResult())).toEqual([{ name: 'result.json', text: documentText(exampleResult()) }]);
});
