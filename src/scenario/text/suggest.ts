/** Longer words are not typing errors, and the distance costs the product of the lengths. */
const longestWord = 64;

/** "did you mean …?" for the known word nearest to this one. `undefined` if none is near. */
export const didYouMean = (word: string, known: Iterable<string>): string | undefined => {
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const longer = Math.max(word.length, candidate.length);
    const most = Math.max(1, Math.floor(longer / 3));
    if (longer > longestWord || Math.abs(candidate.length - word.length) > most) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= most && distance < least && distance < candidate.length) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
};

/** Typing errors between two words: letters inserted, left out, changed, or swapped with their neighbor (optimal string alignment). */
const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
};
