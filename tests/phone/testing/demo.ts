import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Demo, startDemo } from '../../../tools/demo/start-demo.ts'
import { copyExample, type ExampleProgram } from './example-program.ts'

const running: { demo: Demo; folder: string; program: ExampleProgram }[] = []

// Here, and not where it is started: that may be within a hook, whose end is not the file's.
after(async () => {
  for (const { demo, folder, program } of running) {
    await demo.stop()
    await program.remove()
    await rm(folder, { recursive: true, force: true })
  }
})

/** What npm start runs, on free ports; it ends with the tests of the file. */
export async function startDemoForFile(): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'yaopai-studio-'))
  const program = await copyExample()
  const demo = await startDemo({
    ports: { EMULATOR_PORT: 0, PORT: 0, INTERNAL_PORT: 0, DEMO_PORT: 0 },
    folder,
    databaseUrl: `file:${join(folder, 'yaopai.db')}`,
    miniprogram: program.dir,
    warn: () => {},
    onFatal: (error) => assert.fail(error),
  })
  running.push({ demo, folder, program })
  return demo
}
