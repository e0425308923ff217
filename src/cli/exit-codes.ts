import type { ErrorCode } from '../core/errors.ts';

/** The exit codes of the command, an interface for builds. */
export const exitCodes = {
  pass: 0,
  internalError: 1,
  usage: 2,
  invalid: 96,
  undecided: 97,
  violated: 98,
  gateFailed: 99,
  interrupted: { SIGINT: 130, SIGTERM: 143 },
} as const;

/** What each of them means, for `--help`. */
export const exitCodesHelp = `
Exit codes:
    0  pass, or done: nothing to judge
    1  internal error: a bug in contend
    2  usage or scenario error; nothing was sent
   96  the run is invalid: target unreachable or dead, nothing completed in a
       mode, a worker or agent lost, or the generator too slow
   97  undecided: too little data (--undecided warn makes it 0), or more failed
       than completed
   98  the data was wrong in a mode where that is forbidden
   99  a gate failed
  130  interrupted (143: terminated); what was measured is reported`;

const byError: { readonly [code in ErrorCode]: number } = {
  ERR_USAGE: exitCodes.usage,
  ERR_SCENARIO: exitCodes.usage,
  ERR_OPEN_FILES: exitCodes.usage,
  ERR_MISSING_PACKAGE: exitCodes.usage,
  ERR_FORBIDDEN_HOST: exitCodes.invalid,
  ERR_TARGET_UNREACHABLE: exitCodes.invalid,
  ERR_BEFORE: exitCodes.invalid,
  ERR_LOGIN: exitCodes.invalid,
  ERR_FINAL_READ: exitCodes.invalid,
  ERR_STORE: exitCodes.invalid,
  ERR_SERVE: exitCodes.invalid,
  ERR_REDIS: exitCodes.invalid,
  ERR_WORKER_LOST: exitCodes.invalid,
  ERR_AGENTS: exitCodes.invalid,
};

/** The exit code of an error that ended a command. */
export const exitCodeOf = (code: ErrorCode): number => byError[code];
