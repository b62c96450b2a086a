import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Demo, startDemo } from '../../../tools/demo/start-demo.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/miniprogram')

/** What `npm start` runs, in this process and on free ports. Without a folder it gets one of its own. */
export async function startTestDemo(t: TestContext, folder?: string): Promise<Demo> {
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'yaopai-demo-')))
  const demo = await startDemo({
    ports: { EMULATOR_PORT: 0, PORT: 0, INTERNAL_PORT: 0, DEMO_PORT: 0 },
    folder: own,
    databaseUrl: `file:${join(own, 'yaopai.db')}`,
    miniprogram: EXAMPLE,
    warn: (line) => t.diagnostic(line),
    onFatal: (error) => assert.fail(error),
  })
  t.after(async () => {
    await demo.stop()
    if (folder === undefined) await rm(own, { recursive: true, force: true })
  })
  return demo
}
