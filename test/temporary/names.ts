/** In the environment of the tests: the temporary folder of their run. */
export const runVariable = 'TESTS_FOLDER';

/** How the file is called, after the folder, that says whose the folder is. */
export const nameFile = '.of';

/** Root's database runs as another user: it must come through, and delete what it made. */
export const openToAll = 0o1777;
