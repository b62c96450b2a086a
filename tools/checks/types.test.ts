import test from 'node:test'
import { packages } from '../package/build-package.ts'
import { runTool } from './run-tool.ts'

// What did not change since the last run is not looked at again.
const remember = (name: string) => ['--incremental', '--tsBuildInfoFile', `.cache/types-${name}.tsbuildinfo`]

test('the whole tree fits its types', () => {
  runTool('typescript/bin/tsc', '-p', 'tsconfig.json', ...remember('tree'))
})

for (const folder of packages) {
  test(`${folder} can be built with its declarations`, () => {
    const name = folder.replace('/', '-')
    runTool('typescript/bin/tsc', '-p', `${folder}/tsconfig.build.json`, '--noEmit', ...remember(name))
  })
}
