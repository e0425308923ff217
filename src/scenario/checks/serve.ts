import { portMark, withPort } from '../../core/plan/serve.ts';
import { isLoopback } from '../../core/reach.ts';
import { compilePattern } from '../../template/pattern.ts';
import type { Setting } from '../layers/settings.ts';
import { checkJson, checkText, type Scope } from '../names/templates.ts';
import { placeOf } from '../plan/serve.ts';
import { isVariableName } from '../schema/environment.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { entriesOf, find, jsonOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** The names known in a command, and in the variables of its environment. */
const ofProcess: Scope = {
  known: new Set(['port', 'folder']),
  because: () => undefined,
};

/** Checks the process that a mode, complete in itself, starts, and a target that waits for one. */
export const checkServe = (mode: Branch): Complaint[] => {
  const serve = find(mode, 'serve');
  const target = find(mode, 'target');
  if (serve?.kind !== 'map') {
    return target !== undefined && textOf(target)?.includes(portMark) === true
      ? [at(target, `${quoted(portMark)} is the port of a process that contend starts, and there is none`, hintOfServe)]
      : [];
  }
  return [
    ...(target === undefined ? [] : checkTarget(target, serve)),
    ...checkReady(find(serve, 'ready')),
    ...['command', 'setup', 'env'].flatMap((key) => checkJson(find(serve, key), ofProcess)),
    ...entriesOf(find(serve, 'env')).flatMap(([name, entry]) =>
      isVariableName(name)
        ? []
        : [atKey(entry, `${quoted(name)} cannot name a variable of the environment`, 'such as PORT')],
    ),
  ];
};

const hintOfServe = 'add serve: { command: … }, or write the port';
const hintOfTarget = `such as target: http://127.0.0.1:${portMark}`;

const checkTarget = (target: Tree, serve: Branch): Complaint[] => {
  const text = textOf(target) ?? '';
  const place = placeOf(text);
  // Other names in it are refused in any place.
  if (place === undefined && withPort(text, 1).includes('${')) return [];
  if (place === undefined)
    return [at(target, 'a process that contend starts is reached over http or https', hintOfTarget)];
  if (!isLoopback(place.host))
    return [at(target, `what contend starts runs on this machine, and ${quoted(place.host)} is another`, hintOfTarget)];
  if (place.port === null) return [at(target, `${quoted(portMark)} belongs where the port is`, hintOfTarget)];
  const reuse = find(serve, 'reuse');
  if (reuse?.kind !== 'leaf' || reuse.value !== true) return [];
  const git = find(serve, 'git');
  if (git !== undefined)
    return [at(reuse, 'what already runs may be any build, but "git" asks for a certain one', 'leave one of them out')];
  return place.port === undefined
    ? [
        at(
          reuse,
          'nothing can already run on a port that contend chooses',
          'write the port: target: http://127.0.0.1:8080',
        ),
      ]
    : [];
};

const checkReady = (ready: Tree | undefined): Complaint[] => {
  const [, second] = ['get', 'connect', 'log'].flatMap((key) => find(ready, key) ?? []);
  const status = find(ready, 'status');
  return [
    ...(second === undefined
      ? []
      : [at(second, 'contend waits for one thing: "get", "connect" or "log"', 'leave one of them out')]),
    ...(status === undefined || find(ready, 'get') !== undefined
      ? []
      : [at(status, '"status" is only for "get"', 'such as ready: { get: /health, status: 200 }')]),
    ...checkText(find(ready, 'log'), compilePattern),
  ];
};

/** Checks faults between modes: one port for two processes, and a target from outside together with a started one. */
export const checkServes = (modes: readonly Branch[], settings: readonly Setting[]): Complaint[] => {
  const served = modes.filter((mode) => find(mode, 'serve')?.kind === 'map');
  const target = settings.find(({ path }) => path[0] === 'target');
  if (served.length === 0) return [];
  if (target !== undefined) {
    const hint = 'leave it out, or take serve: out of the scenario';
    return [
      { mark: target.from, path: 'target', message: 'the target is what contend starts itself ("serve:")', hint },
    ];
  }
  const byPort = new Map<number, string>();
  return served.flatMap((mode) => {
    const tree = find(mode, 'target');
    const port = placeOf(textOf(tree) ?? '')?.port;
    if (tree === undefined || typeof port !== 'number') return [];
    const own = JSON.stringify(jsonOf(find(mode, 'serve')!));
    const other = byPort.get(port) ?? own;
    byPort.set(port, other);
    return other === own
      ? []
      : [at(tree, `two processes cannot both listen on port ${port}`, `${hintOfTarget}, which has one for each`)];
  });
};
