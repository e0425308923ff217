import { file } from './file.ts';
import { hotset } from './hotset.ts';
import { list } from './list.ts';
import type { MakePick } from './pick.ts';
import { range } from './range.ts';
import { sequential } from './sequential.ts';
import { shuffled } from './shuffled.ts';
import type { MakeGenerator, MakeItems } from './contract.ts';
import type { GeneratorName, ItemsName, PickName } from './syntax.ts';
import { text } from './text.ts';
import { timestamp } from './timestamp.ts';
import { uniform } from './uniform.ts';
import { unique } from './unique.ts';
import { uuid } from './uuid.ts';
import { words } from './words.ts';
import { zipf } from './zipf.ts';

/** The sources that have items, by the word of the variable. */
export const items: { readonly [name in ItemsName]: MakeItems } = { range, list, file };

/** The sources whose values are generated, by the word of the variable. */
export const generators: { readonly [name in GeneratorName]: MakeGenerator } = { uuid, words, text, timestamp };

/** The picks, by their word. */
export const picks: { readonly [name in PickName]: MakePick } = {
  uniform,
  zipf,
  hotset,
  sequential,
  shuffled,
  unique,
};
