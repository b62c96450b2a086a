// npm run test:node24 [-- group or path …]: the suite on the Node that most users run.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { launch } from './launch.mjs'
import { bringNode24 } from './node24.mjs'
import { setup } from './setup.mjs'

setup()
const node = bringNode24()
if (node === null) process.exit(1)
console.log(`Running the suite on ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}.`)
launch('tools/testing/run.ts', process.argv.slice(2), { node })
