// What processes use, read from /proc on Linux.
import { readFileSync, readdirSync } from 'node:fs';

/** The length of a clock tick in /proc: a hundredth of a second on every Linux that Node runs on. */
const tickUs = 10_000;

const read = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    // It ended a moment ago.
    if (['ENOENT', 'ESRCH'].includes(error.code)) return '';
    throw error;
  }
};

const threadsOf = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return [];
    throw error;
  }
};

/** A process and all its living descendants. */
export const treeOf = (pid) => [
  pid,
  ...threadsOf(pid)
    .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' '))
    .filter((child) => child !== '')
    .flatMap((child) => treeOf(Number(child))),
];

/** utime, stime, cutime and cstime: the fields after the name, which may contain spaces. */
const timesOf = (pid) => {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' ? [0, 0, 0, 0] : fields.slice(11, 15).map((ticks) => Number(ticks) * tickUs);
};

/** CPU time of a process tree so far, including processes that have ended and were waited for. @returns µs */
export const cpuOf = (pid) => {
  let userUs = 0;
  let systemUs = 0;
  for (const one of treeOf(pid)) {
    const [user, system, childrenUser, childrenSystem] = timesOf(one);
    userUs += user + childrenUser;
    systemUs += system + childrenSystem;
  }
  return { userUs, systemUs };
};

/** CPU time of this process's ended children, and of theirs, as from wait4, in steps of 10 ms. @returns µs */
export const endedChildrenCpuUs = () => {
  const [, , user, system] = timesOf('self');
  return user + system;
};

/** The sum of the peaks so far of all living processes of a tree. Memory that two of them share counts twice. @returns bytes */
export const peakBytesOf = (pid) =>
  treeOf(pid).reduce((sum, one) => {
    const peakKb = /VmHWM:\s*(\d+)/u.exec(read(`/proc/${one}/status`))?.[1];
    return sum + Number(peakKb ?? 0) * 1024;
  }, 0);

/** How long a core has been busy so far with any process, or taken away by a hypervisor. @returns µs */
export const coreBusyUs = (core) => {
  const line = read('/proc/stat')
    .split('\n')
    .find((one) => one.startsWith(`cpu${core} `));
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = line.split(/\s+/u).slice(1).map(Number);
  return (user + nice + system + interrupts + softInterrupts + stolen) * tickUs;
};
