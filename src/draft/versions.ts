/** What may follow a version's number: `beta1`, `-preview`, `p1beta1`. */
const stage = String.raw`(?:p\d{1,2})?(?:[-._]?(?:alpha|beta|rc|preview|snapshot|stable)[-.]?\d{0,3})?`;

/** What looks like an API version anywhere: `v1`, `v2.1`, `v1beta1`, `api-v1`, `v2024-01-15`, `2024-01-15-preview`. */
const versionText = new RegExp(
  [
    String.raw`^(?:(?:api|rest)[-_])?v(?:ersion|er)?[-_.]?\d{1,3}(?:[._]\d{1,3}){0,2}${stage}$`,
    String.raw`^v(?:19|20)\d\d(?:[-.]?[01]?\d(?:[-.]?[0-3]\d)?)?${stage}$`,
    String.raw`^(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?${stage}$`,
  ].join('|'),
  'i',
);

/** What is a version only before any named thing: `2`, `1.1`, a year, `20240115`. */
const versionNumber = /^\d{1,2}(?:\.\d{1,3}){0,2}$|^(?:19|20)\d\d(?:[01]\d[0-3]\d)?$/;

/** What may precede the version in a path without naming a thing. */
const prefix =
  /^(?:api|apis|rest|services?|public|open|web|json|graph|data|gateway|ajax|internal|external|admin|app)$/i;

/** Whether a text is an API version or a date, and so names no thing. */
export const isVersionText = (text: string): boolean => versionText.test(text);

/**
 * Whether a part of a path is the API's version, and so not an id or a value.
 *
 * @param before the parts of the path before it
 * @param isLast a number at the end names a thing
 */
export const isVersionPart = (part: string, before: readonly string[], isLast: boolean): boolean =>
  isVersionText(part) ||
  (!isLast &&
    versionNumber.test(part) &&
    (/^(?:apis?|rest|version)$/i.test(before.at(-1) ?? '') ||
      before.every((one) => one === '' || prefix.test(one) || isVersionText(one))));
