import test from 'node:test'
import { packages } from '../package/build-package.ts'
import { runTool } from './run-tool.ts'

// What did not change since the last run is not looked at again.
const remember = (name: string) => ['--incremental', '--tsBuildInfoFile', `.cache/types-${name}.tsbuildinfo`]

test('the whole tree fits its types', () => {
  runTool('typescript/bin/tsc', '-p', 'tsconfig.json', ...remember('tree'))
})

// One package sees another as source here: a fresh clone has no dist/.
const fromSource = ['--noEmit', '--customConditions', 'yaopai-source', '--rootDir', '.']

for (const folder of packages) {
  test(`${folder} can be built with its declarations`, () => {
    const name = folder.replace('/', '-')
    runTool('typescript/bin/tsc', '-p', `${folder}/tsconfig.build.json`, ...fromSource, ...remember(name))
  })
}
