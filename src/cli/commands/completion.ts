import type { Command, Option } from 'commander';
import type { Host } from '../../core/host.ts';
import { exitCodes } from '../exit-codes.ts';

/** What a shell knows of one command. */
interface Known {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Option[];
}

/** `contend completion`: writes the script that completes commands, flags and their values, from commander's own definitions. */
export const completion = (host: Host, shell: string, contend: Command): number => {
  const scripts: { readonly [shell: string]: (commands: readonly Known[]) => string } = { bash, zsh, fish };
  host.stdout.write(scripts[shell]!(contend.commands.map(knownOf)));
  return exitCodes.pass;
};

const knownOf = (command: Command): Known => ({
  name: command.name(),
  summary: command.description(),
  options: command.createHelp().visibleOptions(command),
});

const flagsOf = ({ short, long }: Option): readonly string[] => [short, long].filter((flag) => flag !== undefined);

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** In single quotes, so that a shell takes it as one word. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const bash = (
  commands: readonly Known[],
): string => `# contend completion bash: source it, or put it where bash-completion looks
_contend() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name).join(' '))} -- "$current"))
    return
  fi
  case "$command $previous" in
${commands
  .flatMap(({ name, options }) =>
    options
      .filter(({ argChoices }) => argChoices !== undefined)
      .map(
        (option) =>
          `    ${flagsOf(option)
            .map((flag) => quoted(`${name} ${flag}`))
            .join(' | ')}) words=${quoted(option.argChoices!.join(' '))} ;;`,
      ),
  )
  .join('\n')}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  if [[ "$current" == -* ]]; then
    case "$command" in
${commands.map(({ name, options }) => `      ${name}) words=${quoted(options.flatMap(flagsOf).join(' '))} ;;`).join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _contend contend
`;

const zsh = (commands: readonly Known[]): string => `#compdef contend
# contend completion zsh: put it into a folder of $fpath, as _contend
_contend() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${plainly(summary)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands
  .map(
    ({ name, options }) => `    ${name})
      _arguments '*:file:_files' \\
${options.map((option) => `        ${zshOption(option)}`).join(' \\\n')}
      ;;`,
  )
  .join('\n')}
  esac
}
compdef _contend contend
`;

const plainly = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[[\]:\\]/g, (char) => `\\${char}`);

const zshOption = (option: Option): string => {
  const { description, argChoices } = option;
  const value = !takesValue(option)
    ? ''
    : argChoices === undefined
      ? ':value:_files'
      : `:value:(${argChoices.join(' ')})`;
  return flagsOf(option)
    .map((flag) => quoted(`*${flag}[${plainly(description)}]${value}`))
    .join(' ');
};

const fish = (commands: readonly Known[]): string =>
  [
    '# contend completion fish: put it into ~/.config/fish/completions/contend.fish',
    ...commands.map(
      ({ name, summary }) =>
        `complete -c contend -n __fish_use_subcommand -f -a ${quoted(name)} -d ${quoted(summary.replaceAll(/\s+/g, ' '))}`,
    ),
    ...commands.flatMap(({ name, options }) =>
      options.map((option) => {
        const { short, long, description, argChoices } = option;
        const flags = [
          ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
          ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
          ...(takesValue(option) ? ['-r'] : []),
          ...(argChoices === undefined ? [] : [`-f -a ${quoted(argChoices.join(' '))}`]),
        ];
        return `complete -c contend -n ${quoted(`__fish_seen_subcommand_from ${name}`)} ${flags.join(' ')} -d ${quoted(description.replaceAll(/\s+/g, ' '))}`;
      }),
    ),
    '',
  ].join('\n');
