import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { root } from '../setup.mjs'

const emulator = join(root, 'packages/emulator')

/**
 * Bundles the emulator's pages into packages/emulator/browser/, from which it serves them: the studio around, and the
 * phone in its frame. Nothing of it asks another host for anything. With `hasMaps`, for work on them, errors name our source.
 */
export function buildBrowser({ hasMaps }: { hasMaps: boolean }, to = join(emulator, 'browser')): void {
  rmSync(to, { recursive: true, force: true })
  const at = (path: string) => join(emulator, 'src', path)
  buildSync({
    entryPoints: [at('studio/main.tsx'), at('studio/studio.css'), at('phone/main.ts'), at('phone/phone.css')],
    outdir: to,
    outbase: join(emulator, 'src'),
    bundle: true,
    minify: true,
    sourcemap: hasMaps && 'linked',
    legalComments: 'linked',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    conditions: ['yaopai-source'],
    absWorkingDir: root,
    logLevel: 'warning',
  })
}
