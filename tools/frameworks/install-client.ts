import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPackage, miniprogramPackage } from '../package/build-package.ts'
import { packPackage } from '../package/stage-package.ts'

/** Puts the client, packed as users get it, among the packages of a folder. */
export function installClient(folder: string): void {
  const elsewhere = mkdtempSync(join(tmpdir(), 'yaopai-client-'))
  buildPackage(miniprogramPackage)
  packPackage(miniprogramPackage, elsewhere)
  const place = join(folder, 'node_modules', '@yaopai', 'miniprogram')
  rmSync(place, { recursive: true, force: true })
  cpSync(join(elsewhere, 'yaopai-miniprogram'), place, { recursive: true })
  rmSync(elsewhere, { recursive: true, force: true })
}
