import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { build, type Plugin } from 'esbuild'
import { fencesOf, type Sample } from '../../tools/docs/fences.ts'
import { root } from '../../tools/setup.mjs'

const standIns: Record<string, string> = {
  '@tarojs/taro': 'module.exports = { default: Taro, __esModule: true }',
}

/** The files of a guide page: fences that begin with a comment naming one, such as `// yaopai.js`. */
export function filesOfPage(page: string): Map<string, Sample> {
  const samples = fencesOf({ path: page, text: readFileSync(join(root, page), 'utf8') })
  const named = samples.map((sample) => [/^\/\/ ([\w-]+\.js)$/m.exec(sample.code)?.[1], sample] as const)
  return new Map(named.flatMap(([name, sample]) => (name === undefined ? [] : [[name, sample]])))
}

/**
 * Runs files of a page as a mini program would: bundled, in a realm with nothing beside the language but timers and
 * what `globals` gives. Packages are the real ones; Taro is the global of that name.
 * @returns what `entry`, which may import them from `./`, exports
 */
export async function runFiles(
  files: Map<string, Sample>,
  entry: string,
  globals: Record<string, unknown>,
  baseUrl: string,
): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, sourcefile: 'entry.js' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    target: 'es2017',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['yaopai-source'],
    plugins: [virtualFiles(files, baseUrl)],
  })
  const context = createContext({ setTimeout, clearTimeout, ...globals })
  const script = new Script(`${outputFiles[0]?.text}\n;exported`)
  return script.runInContext(context)
}

function virtualFiles(files: Map<string, Sample>, baseUrl: string): Plugin {
  return {
    name: 'files of a guide page',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ path, importer }) =>
        files.has(path.slice(2)) && !importer.includes('node_modules')
          ? { path: path.slice(2), namespace: 'page' }
          : undefined,
      )
      onResolve({ filter: /^@tarojs\/taro$/ }, ({ path }) => ({ path, namespace: 'stand-in' }))
      onLoad({ filter: /./, namespace: 'page' }, ({ path }) => ({
        contents: files.get(path)?.code.replaceAll('https://api.example.com', baseUrl) ?? '',
        resolveDir: dirname(join(root, 'package.json')),
      }))
      onLoad({ filter: /./, namespace: 'stand-in' }, ({ path }) => ({ contents: standIns[path] ?? '' }))
    },
  }
}
