import type { Guard, MakeLock } from '../../src/measure/lock/lock.ts';

/** A mutex that lets somebody in beside the holder, once in so many. */
export const holey =
  (onceIn: number): MakeLock =>
  (_options, { guard }) => {
    const mutex = guard({ name: 'mutex', room: 1 });
    let asked = 0;
    const section: Guard = {
      name: mutex.name,
      get waiting() {
        return mutex.waiting;
      },
      acquire: (user, access) =>
        ++asked % onceIn === 0 && mutex.waiting > 0 ? { release: () => undefined } : mutex.acquire(user, access),
    };
    return { section };
  };
