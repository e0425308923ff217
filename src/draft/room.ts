/** How much a scenario can hold: values of bodies, and characters of all that is taken over. */
export interface Room {
  values: number;
  characters: number;
}

/** What a file has room for, with what stands beside. */
export const newRoom = (): Room => ({ values: 3000, characters: 300_000 });
