import type { Department } from './department.ts';

/** Jobs, each of which is done by one who takes it. */
export const jobsOf = (isWrong: () => boolean): Department => {
  let jobs: string[] = [];
  return {
    reset: () => {
      jobs = [];
    },
    does: {
      'POST jobs': ({ path: [what], said: { id } }) => {
        if (what === 'take') {
          const [first] = jobs;
          // Who is wrong leaves it for the next one.
          if (!isWrong()) jobs.shift();
          return first === undefined ? [404, {}] : [200, { id: first }];
        }
        if (!isWrong()) jobs.push(String(id));
        return [201, {}];
      },
      'GET jobs': () => [200, { jobs }],
    },
  };
};
