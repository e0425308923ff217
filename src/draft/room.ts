/** How much a scenario can hold: values in bodies, and characters in everything carried over. */
export interface Room {
  values: number;
  characters: number;
}

/** What one file has room for, with some to spare. */
export const newRoom = (): Room => ({ values: 3000, characters: 300_000 });
