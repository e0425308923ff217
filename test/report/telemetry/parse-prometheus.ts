import parse from 'parse-prometheus-text-format';

/** A sample as another program's parser reads it. */
export interface Sample {
  readonly labels?: { readonly [name: string]: string };
  readonly value: string;
}

/**
 * Prometheus text, read by a parser that contend has no part in: name of a sample → the samples of that name, in their order.
 *
 * That parser puts all histograms of one name together, whatever their labels. So it is told that they are untyped, and gives
 * every line as it stands.
 */
export const parsePrometheus = (text: string): ReadonlyMap<string, readonly Sample[]> => {
  const samples = new Map<string, Sample[]>();
  for (const { name, metrics } of parse(text.replaceAll(/^(# TYPE \S+) histogram$/gmu, '$1 untyped')))
    samples.set(name, [...(samples.get(name) ?? []), ...metrics]);
  return samples;
};
