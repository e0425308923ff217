import { at, atKey, type Complaint } from '../text/locate.ts';
import { bodyWords } from '../schema/body.ts';
import { entriesOf, find, type Branch } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** Reports a second body, a body in a GET, or a content type that does not match. */
export const checkBody = (request: Branch, method: string): Complaint[] => {
  const bodies = bodyWords.flatMap((word) => {
    const entry = request.entries.get(word);
    return entry === undefined ? [] : [{ word, entry }];
  });
  const [first, second] = bodies;
  if (first === undefined) return [];
  if (method === 'get' || method === 'head') {
    const said = `a ${method.toUpperCase()} sends no body`;
    return [atKey(first.entry, said, `leave ${quoted(first.word)} out, or use post, put or patch`)];
  }
  if (second !== undefined) {
    return [atKey(second.entry, `a request has one body: ${quoted(first.word)} or ${quoted(second.word)}`)];
  }
  return first.word === 'multipart' ? checkType(request) : [];
};

const checkType = (request: Branch): Complaint[] =>
  entriesOf(find(request, 'headers'))
    .filter(([name]) => name.toLowerCase() === 'content-type')
    .map(([, entry]) => atKey(entry, '"multipart" sets its own content type, with the boundary', 'leave it out'));

/** A redirect's final answer does not say whether the first request changed anything. */
export const checkObserved = (request: Branch): Complaint[] => {
  const redirects = find(request, 'redirects');
  return redirects?.kind === 'leaf' && redirects.value !== 0
    ? [
        at(
          redirects,
          'the step that "consistency" counts cannot follow redirects: its own answer must say what it did',
          'write redirects: 0 in that step',
        ),
      ]
    : [];
};
