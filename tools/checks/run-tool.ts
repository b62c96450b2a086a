import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { root } from '../setup.mjs'

/** Runs a tool's own program from node_modules; throws with what it printed when it is not content. */
export function runTool(program: string, ...args: string[]): void {
  const file = join(root, 'node_modules', program)
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`)
}
