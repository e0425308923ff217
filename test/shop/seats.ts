import type { Department } from './department.ts';

/** Seats that are booked and given back; one that is booked wrongly was taken. There is no telling who has one: whoever asks may cancel. */
export const seatsOf = (isWrong: () => boolean): Department => {
  const taken = new Set<string>();
  return {
    reset: () => taken.clear(),
    does: {
      'POST seats': ({ path: [seat = '', what] }) => {
        if (what === 'cancel') {
          taken.delete(seat);
          return [200, {}];
        }
        if (taken.has(seat) && !isWrong()) return [409, {}];
        taken.add(seat);
        return [200, {}];
      },
    },
  };
};
