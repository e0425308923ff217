/** In the environment of the tests: the temporary folder of their run. */
export const runVariable = 'TESTS_FOLDER';

/** In the environment of a run that is tested itself: how many ms what is left may take to go. */
export const patienceVariable = 'TESTS_PATIENCE_MS';

/** How the file is called, after the folder, that says whose the folder is. */
export const nameFile = '.of';

/** Root's database runs as another user: it must come through, and delete what it made. */
export const openToAll = 0o1777;
