// The second half of `npm run build`: dist/bundle, of what the compiler has made. docs/decisions/0013 says why.
import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { build } from 'rolldown';

/** Of many small files, and loaded by every run: a start takes a third less CPU time with them in the bundle. */
const bundled = [
  'fast-xml-builder',
  'jsep',
  'papaparse',
  'path-expression-matcher',
  'shlex',
  'xml-naming',
  'yaml',
  'zod',
];

/** The folder of the package that a module is of. @param {string} module */
const packageOf = (module) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(module.replaceAll('\\', '/'))?.[0];

/**
 * Their licences ask that what they say goes with every copy.
 *
 * @type {import('rolldown').Plugin}
 */
const licences = {
  name: 'licences',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
    const folders = [...new Set(modules.flatMap((module) => packageOf(module) ?? []))].toSorted();
    const texts = folders.map((folder) => {
      const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/iu.test(one));
      if (file === undefined) this.error(`${name} is bundled and has no licence`);
      return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
    });
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
  },
};

await build({
  // What the compiler has made: syntax that Node 20 does not know is translated there.
  input: {
    'contend': 'dist/bin/contend.js',
    'index': 'dist/src/index.js',
    // These are found beside the file that starts them.
    'store-entry': 'dist/src/store/store-entry.js',
    'worker': 'dist/src/measure/runner/threads/worker.js',
    'pulse-entry': 'dist/src/measure/runner/cluster/controller/pulse-entry.js',
    'keeper-entry': 'dist/src/serve/keeper-entry.js',
    'screen-entry': 'dist/src/cli/screen/screen-entry.js',
  },
  platform: 'node',
  external: (id) =>
    !id.startsWith('.') && !isAbsolute(id) && !bundled.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [licences],
  output: { dir: 'dist/bundle', format: 'esm', chunkFileNames: '[name]-[hash].js', cleanDir: true },
});
