import test from 'node:test'
import { miniprogramPackage, nodePackages } from '../package/build-package.ts'
import { runTool } from './run-tool.ts'

// What did not change since the last run is not looked at again.
const remember = (name: string) => ['--incremental', '--tsBuildInfoFile', `.cache/types-${name}.tsbuildinfo`]

test('the whole tree fits its types', () => {
  runTool('typescript/bin/tsc', '-p', 'tsconfig.json', ...remember('tree'))
})

// One package sees another as source here: a fresh clone has no dist/.
const fromSource = ['--noEmit', '--customConditions', 'yaopai-source', '--rootDir', '.']

for (const folder of nodePackages) {
  test(`${folder} can be built with its declarations`, () => {
    const name = folder.replace('/', '-')
    runTool('typescript/bin/tsc', '-p', `${folder}/tsconfig.build.json`, ...fromSource, ...remember(name))
  })
}

test('the pages of the emulator fit their types in a browser', () => {
  runTool('typescript/bin/tsc', '-p', 'packages/emulator/tsconfig.browser.json', ...remember('browser'))
})

// Without Node, and in the language and the library of base library 2.10.
test('[F65] the client fits its types in ES2015', () => {
  runTool('typescript/bin/tsc', '-p', `${miniprogramPackage}/tsconfig.json`, ...remember('miniprogram'))
})

test("[F65] the client's types fit WeChat's own typings, Taro and uni-app", () => {
  const project = `${miniprogramPackage}/testing/platforms/tsconfig.json`
  runTool('typescript/bin/tsc', '-p', project, ...remember('platforms'))
})
