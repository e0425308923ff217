import type { OtlpFlags } from './otlp.ts';
import type { SettingFlags } from './settings.ts';

/** The flags of `run` and `demo`, as commander gives them. */
export interface RunFlags extends SettingFlags, OtlpFlags {
  readonly modes?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly env?: readonly string[];
  readonly connectTo?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly allowRun?: boolean;
  readonly gate?: readonly string[];
  readonly extend?: boolean;
  readonly undecided?: 'fail' | 'warn';
  readonly agents?: string;
  readonly redis?: string;
  readonly waitAgents?: string;
  readonly baseline?: string;
  readonly budget?: string;
  readonly history?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly prometheus?: string;
  readonly samples?: string;
  readonly quiet?: boolean;
  readonly live?: boolean;
  readonly details?: boolean;
  readonly color: boolean;
}
