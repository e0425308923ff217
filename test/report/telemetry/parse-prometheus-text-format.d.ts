declare module 'parse-prometheus-text-format' {
  interface Sample {
    readonly labels?: { readonly [name: string]: string };
    readonly value: string;
  }

  const parse: (text: string) => readonly { readonly name: string; readonly metrics: readonly Sample[] }[];
  export default parse;
}
