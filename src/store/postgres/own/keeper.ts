/** A file in the folder: the process id of the keeper. */
export const keeperFile = 'keeper';

/** Where the server reports that it is ready. */
export const serverFile = 'data/postmaster.pid';

/** A file in the folder: the password, for `initdb`. */
export const passwordFile = 'password';

/**
 * A shell script that makes a database, serves it, and ends it when its standard input ends or the server does. Its arguments: the
 * folder, the folder of the programs, and the options of `postgres`. File descriptor 3 is an end of the sweeper's input: the script
 * and the server hold it as long as they need the folder.
 *
 * It is a process of its own: whatever happens to the store, the store's end of the pipe is closed. The signals are for the store,
 * which reads what is left before it exits.
 */
export const keeper = `
trap '' HUP INT TERM
folder=$1 bin=$2
shift 2
echo $$ >"$folder/${keeperFile}"
fail() { tail -n 5 "$folder/log" >&2; exit 1; }
"$bin/initdb" -D "$folder/data" -U contend --pwfile="$folder/${passwordFile}" -A scram-sha-256 -E UTF8 --locale=C \\
  --no-sync >"$folder/log" 2>&1 || fail
exec 4<&0
"$bin/postgres" -D "$folder/data" -k "$folder" "$@" </dev/null 4<&- >>"$folder/log" 2>&1 &
server=$!
# Again and again: one that has just begun does not listen yet.
(read -r end <&4; while kill -QUIT $server; do sleep 1; done) 3<&- >/dev/null 2>&1 &
reader=$!
wait $server 2>/dev/null
code=$?
kill -KILL $reader 2>/dev/null
[ $code = 0 ] || tail -n 5 "$folder/log" >&2
`;

/** The server's settings: nothing here outlives the run, so nothing has to reach a disk. */
export const serverOptions = (connections: number): readonly string[] =>
  Object.entries({
    listen_addresses: '',
    port: '5432',
    unix_socket_permissions: '0700',
    max_connections: String(connections),
    shared_buffers: '64MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    jit: 'off',
    // How long until a deadlock is looked for. The default, a second, is longer than all the rest of a test.
    deadlock_timeout: '100ms',
    log_min_messages: 'fatal',
    log_min_error_statement: 'fatal',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
