import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'
import { runTool } from '../checks/run-tool.ts'
import { root } from '../setup.mjs'

/**
 * Builds the client, from nothing: `dist/index.js` (CommonJS) and `dist/index.mjs` for bundlers, with one declaration
 * file that stands alone; `miniprogram_dist/index.js`, minified, for WeChat DevTools, which copies that folder as it
 * is. All in ES2015, the language of base library 2.10.
 */
export function buildMiniprogram(folder: string): void {
  bundleMiniprogram(folder)
  declare(folder, join(root, folder, 'dist', 'index.d.ts'))
}

/** The same without the declarations, which take their time; also into a folder elsewhere. */
export function bundleMiniprogram(folder: string, to = join(root, folder)): void {
  const source = join(root, folder, 'src')
  const at = (...path: string[]) => join(to, ...path)
  for (const made of ['dist', 'miniprogram_dist']) rmSync(at(made), { recursive: true, force: true })
  bundle({ ...commonJs(source), outfile: at('dist/index.js') })
  bundleForWeChat(folder, at('miniprogram_dist/index.js'))
  bundle({ entryPoints: [join(source, 'index.ts')], format: 'esm', outfile: at('dist/index.mjs') })
}

/** The one minified file that a mini program carries. */
export function bundleForWeChat(folder: string, outfile: string): void {
  bundle({ ...commonJs(join(root, folder, 'src')), minify: true, mangleProps: inside, outfile })
}

/**
 * Members that no other code reads: not WeChat's, not the app's, not the server's, and in no record of Storage that
 * another version could meet. Shortened, they are a twentieth of the file.
 */
export const inside = new RegExp(
  `^(${[
    ...[
      'admittedAtMs',
      'answer',
      'api',
      'atMs',
      'busy',
      'carriesToken',
      'ends',
      'failedAtMs',
      'failure',
      'hold',
    ],
    ...[
      'installId',
      'isCurable',
      'isIdempotent',
      'kept',
      'keyChecked',
      'listeners',
      'loginEnds',
      'loginsAtMs',
      'origins',
    ],
    ...['readAtMs', 'refusal', 'renewal', 'renewFailedAtMs', 'settings', 'task'],
  ].join('|')})$`,
)

function bundle(options: BuildOptions): void {
  buildSync({
    bundle: true,
    target: 'es2015',
    platform: 'neutral',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    ...options,
  })
}

// Assigned to by hand, `module.exports` is half a kilobyte smaller than what esbuild would write, and Node finds the
// names in it for `import`.
function commonJs(resolveDir: string): BuildOptions {
  const contents =
    "import { createYaopai, YaopaiError } from './index.ts'\nmodule.exports = { createYaopai, YaopaiError }"
  return {
    stdin: { contents, resolveDir, sourcefile: 'entry.mjs' },
    format: 'esm',
    banner: { js: '"use strict";' },
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  }
}

function declare(folder: string, outFile: string): void {
  runTool(
    'dts-bundle-generator/dist/bin/dts-bundle-generator.js',
    '--silent',
    '--no-banner',
    '--export-referenced-types=false',
    `--project=${folder}/tsconfig.json`,
    `--out-file=${outFile}`,
    `${folder}/src/index.ts`,
  )
}
