import type { ReadBeside } from '../core/host.ts';
import { isRelative, type Gate, type Mode, type Plan } from '../core/plan/plan.ts';
import type { Tables } from '../core/table.ts';
import { agentsOf, checkAgents } from './checks/agents.ts';
import { checkFile } from './checks/file.ts';
import { checkHosts, checkThrough, reachOf } from './checks/hosts.ts';
import { checkWorkers } from './checks/load.ts';
import { manyKeysOf } from './checks/keys.ts';
import { checkMode } from './checks/mode.ts';
import { checkServes } from './checks/serve.ts';
import { asMeant } from './checks/meant.ts';
import { environmentProxies, loginProxiesOf, withEnvironmentProxy } from './layers/environment-proxy.ts';
import { environmentOf, type EnvironmentInput } from './layers/environment.ts';
import { foldEnvironment } from './names/fold-environment.ts';
import type { GatedMode } from './gates/names.ts';
import { defaultRounds, checkRounds } from './gates/rounds.ts';
import { readGates, withGates } from './gates/gates.ts';
import { judgedIn, promisesOf } from './plan/consistency.ts';
import { complaintsOf } from './schema/issues.ts';
import { layMode, withNames } from './layers/lay.ts';
import { checkUnique, type Place } from './plan/data.ts';
import { loadOf } from './plan/load.ts';
import { withUsual } from './checks/auth.ts';
import { locate, type Complaint } from './text/locate.ts';
import { modesOf, selectModes } from './layers/modes.ts';
import { modeOf } from './plan/plan.ts';
import { withServeNames } from './plan/serve.ts';
import { withoutSecrets, type Problem } from './text/problem.ts';
import { RowFiles, tablesOf } from './rows/files.ts';
import { parseBy } from './schema/notation.ts';
import { scenarioSchema, type Scenario } from './schema/scenario.ts';
import { checkNames } from './checks/scope.ts';
import { secretsInText, secretsOf } from './names/secrets.ts';
import { withSettings, type Setting } from './layers/settings.ts';
import { checkSwept, sweptBy, sweptModes, type ReadSweep, type SweepInput } from './sweep/sweep.ts';
import { sweepRounds } from './sweep/checks.ts';
import { find, jsonOf, numberOf, type Branch } from './text/tree.ts';
import { readYaml } from './text/yaml.ts';

/** A scenario's text, and what is laid over it. */
export interface ScenarioInput {
  readonly text: string;
  /** As the user gave it: the place of problems, and the source of the name if the scenario has none. */
  readonly file: string;
  readonly settings: readonly Setting[];
  /** Random; used if the scenario has none. 32 bits, unsigned. */
  readonly seed: number;
  /** Names from `--modes`: the wanted modes, in that order; all if not given. */
  readonly only?: readonly string[];
  /** Texts from `--gate`: gates in addition to the file's. */
  readonly gates?: readonly string[];
  /** Reads the files of variables. If it is not given, nothing that depends on them is checked, and the plan cannot be run. */
  readonly readBeside?: ReadBeside;
  /** Whether the run may continue for as many rounds again: a gate that compares modes then has twice as many to be decided in. */
  readonly extend?: boolean;
  /** Where `${env.NAME}` gets its value; absent: nothing will be sent, and no value is required. */
  readonly environment?: EnvironmentInput;
  /** Hosts from `--allow-host`, in addition to those written in the file. */
  readonly allowedHosts?: readonly string[];
  /** How many machines the run asks for; absent: the most that any mode asks for. */
  readonly agents?: number;
  /** What to sweep, and at which value; absent: a run, which ignores `sweep:`. */
  readonly sweep?: SweepInput;
}

/** A mode with everything laid in, and its output from the schema. */
interface LaidMode extends GatedMode {
  readonly scenario: Scenario | undefined;
  /** How many values each model reads, if that takes long. */
  readonly manyKeys: ReadonlyMap<string, number>;
  readonly loginProxies: Mode['loginProxies'];
}

/**
 * Reads a scenario: gives a plan, deeply frozen and safe for JSON, with notes on what may not be meant as written, or every problem
 * with its place. Never throws.
 *
 * @cost bounded for any text; tens of ms for an ordinary one, most of it the first use of the schema
 */
export const readScenario = (
  input: ScenarioInput,
):
  | {
      readonly plan: Plan;
      readonly tables: Tables;
      readonly notes: readonly Problem[];
      /** Whether it sets the axis to sweep itself. */
      readonly hasAxis: boolean;
      /** Present if a sweep was asked for. */
      readonly sweep?: ReadSweep;
    }
  | { readonly problems: readonly Problem[] } => {
  const { file } = input;
  const text = input.text.replace(/^\ufeff/, '');
  const { tree, complaints } = readYaml(text);
  if (tree === undefined) return { problems: withoutSecrets(locate(complaints, file, text), secretsInText(text)) };

  const swept = sweptBy(withGates(withSettings(tree, input.settings), input.gates ?? []), input.sweep);
  const laidOver = swept.scenario;
  const environment = environmentOf(laidOver, input.environment);
  const scenario = withNames(laidOver);
  const variables = input.environment?.variables ?? {};
  const secrets = [
    ...secretsOf(scenario, environment.secrets, environment.values),
    ...environmentProxies(variables).flatMap((proxy) => secretsInText(`http://${proxy}`)),
  ];
  const reach = reachOf(tree, input.allowedHosts ?? []);
  const named = modesOf(scenario);
  const [wanted, unwanted] = selectModes(named, input.only);
  const trees = named.map(({ name, map }) => {
    const whole = withUsual(layMode(scenario, map));
    return {
      name,
      tree: withEnvironmentProxy(whole, variables),
      meant: () => withEnvironmentProxy(withUsual(asMeant(layMode(scenario, map))), variables),
      differentWorkload: map.entries.has('load') || map.entries.has('data'),
      // A proxy that the scenario names is for all hosts of a mode.
      ...(find(whole, 'proxy') === undefined ? { variables } : {}),
    };
  });
  const isWanted = (name: string): boolean => wanted.some((mode) => mode.name === name);
  const gated = readGates(scenario, trees);
  // A gate on a mode that is not run has nothing to judge.
  const gates = gated.gates.filter((gate) => gatedModes(gate).every(isWanted));
  const relative = gates.filter(isRelative).length;
  const runs = trees.filter(({ name }) => isWanted(name)).map(({ tree }) => tree);
  const isSweep = input.sweep !== undefined;
  const agents = agentsOf(runs, input.agents);
  const rounds =
    numberOf(find(scenario, 'rounds')) ?? (isSweep ? sweepRounds(input.sweep?.find) : defaultRounds(runs, relative));

  const found: Complaint[] = [...complaints, ...unwanted, ...checkFile(scenario), ...gated.complaints];
  found.push(...environment.complaints, ...runs.flatMap((mode) => checkHosts(mode, reach)));
  found.push(...checkServes(runs, input.settings));
  // At a point of a sweep, a gate that compares modes is only information: no build waits for it.
  if (!isSweep) found.push(...checkRounds(scenario, rounds, relative, input.extend === true));
  const sweepGates = gated.ofSweep.filter(({ gate }) => sweptModes(gate).every(isWanted));
  found.push(...swept.complaints, ...checkSwept(swept, input.sweep, { wanted, rounds, gates, sweepGates }));
  const whole = parseBy(scenarioSchema, jsonOf(scenario));
  // Each mode may add what the scenario lacks. What is still missing then is found there.
  const refused = whole.success ? [] : complaintsOf(whole.error.issues, scenario);
  found.push(...refused.filter(({ missing }) => missing !== true));
  const files = new RowFiles(input.readBeside);
  const mostRounds = input.extend === true && relative > 0 ? 2 * rounds : rounds;
  const placeOf = (name: string): Place => ({
    mode: wanted.findIndex((mode) => mode.name === name),
    modes: wanted.length,
    rounds,
    mostRounds,
  });
  const laid = trees.map((mode) => layAndCheck(mode, placeOf(mode.name), files, found));
  found.push(
    ...laid
      .filter(({ name }) => isWanted(name))
      .flatMap((mode) =>
        checkAgents(mode.tree, agents, mode.scenario === undefined ? undefined : loadOf(mode.scenario).users),
      ),
  );
  const faults = found.filter(({ isNote }) => isNote !== true);
  if (faults.length > 0) {
    // A value that could not be read is missing to the schema, which reports that again.
    const unread = new Set(complaints.map(({ mark }) => mark));
    const told = faults.filter((complaint) => complaints.includes(complaint) || !unread.has(complaint.mark));
    return { problems: withoutSecrets(locate(told, file, text), secrets) };
  }

  const [first, ...others] = wanted.map(({ name }) => laid.find((mode) => mode.name === name));
  if (first?.scenario === undefined) throw new Error('a scenario without complaints is complete');
  const { name, seed, control, consistency } = first.scenario;
  const sections = consistency as Parameters<typeof judgedIn>[0];
  const promises = promisesOf(sections);
  const plannedOf = (mode: LaidMode | undefined): Mode => planned(mode, placeOf, environment.values);
  const plan: Plan = {
    name: name ?? nameOf(file),
    file,
    seed: seed ?? input.seed,
    rounds,
    control: wanted.find((mode) => mode.name === control)?.name ?? first.name,
    modes: withServeNames([plannedOf(first), ...others.map(plannedOf)]),
    consistency: judgedIn(sections),
    ...(promises === undefined ? {} : { promises }),
    gates,
    ...(secrets.length === 0 ? {} : { secrets }),
  };
  const notes = withoutSecrets(locate(found, file, text), secrets);
  const { axis } = swept;
  return {
    plan: frozen(plan),
    tables: files.tables,
    notes,
    hasAxis: find(tree, 'sweep') !== undefined,
    ...(isSweep && axis !== undefined ? { sweep: { axis, gates: sweepGates.map(({ gate }) => gate) } } : {}),
  };
};

const layAndCheck = (
  mode: GatedMode & { readonly meant: () => Branch; readonly variables?: EnvironmentInput['variables'] },
  place: Place,
  files: RowFiles,
  found: Complaint[],
): LaidMode => {
  const { tree } = mode;
  let tables: Tables = {};
  let loginProxies: Mode['loginProxies'];
  const parsed = parseBy(scenarioSchema, jsonOf(tree));
  if (!parsed.success) found.push(...complaintsOf(parsed.error.issues, tree));
  else {
    const load = loadOf(parsed.data);
    const read = tablesOf(tree, parsed.data.data, files);
    tables = read.tables;
    if (mode.variables !== undefined) {
      const login = loginProxiesOf(parsed.data, mode.variables);
      loginProxies = login.proxies;
      found.push(...login.complaints, ...login.trees.flatMap(checkThrough));
    }
    found.push(...checkWorkers(tree, load.users), ...read.complaints);
    if (place.mode !== -1) found.push(...checkUnique(tree, load, place, tables));
  }
  // A misspelt "capture" is reported once, and not again everywhere that reads what it captures.
  const meant = parsed.success ? tree : mode.meant();
  found.push(...checkMode(meant, place.rounds, tables), ...checkNames(meant, tables));
  return { ...mode, scenario: parsed.data, manyKeys: manyKeysOf(tree, tables), loginProxies };
};

const planned = (
  mode: LaidMode | undefined,
  placeOf: (name: string) => Place,
  environment: ReadonlyMap<string, string>,
): Mode => {
  if (mode?.scenario === undefined) throw new Error('a mode without complaints is complete');
  const { scenario, name, differentWorkload, manyKeys, loginProxies } = mode;
  const made = modeOf(scenario, name, differentWorkload, placeOf(name), manyKeys);
  return foldEnvironment(loginProxies === undefined ? made : { ...made, loginProxies }, environment);
};

/** The modes that a gate is about. */
const gatedModes = (gate: Gate): readonly string[] => {
  if (isRelative(gate)) return [gate.mode, gate.against.mode];
  return gate.mode === undefined ? [] : [gate.mode];
};

const nameOf = (file: string): string => {
  const base = file.split(/[\\/]/).at(-1) ?? file;
  return base.replace(/(?<=.)\.[^.]*$/, '');
};

const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
};
