// Pictures of all pages, light and dark, into a folder; needs Chromium (CHROMIUM names another than Debian's).
// node tools/run.mjs examples/miniprogram/testing/shoot.ts FOLDER [SCENE …]
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import './browser.ts'
import { launch } from './mini-program.ts'
import { documentOf, SCREEN } from './picture.ts'
import { SCENES } from './scenes.ts'
import { standInDialogs, standInYaopai } from './stand-ins.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name the folder for the pictures')
mkdirSync(folder, { recursive: true })

const only = process.argv.slice(3)
for (const { name, path, options, language, act } of SCENES) {
  if (only.length > 0 && !only.includes(name)) continue
  const dialogs = standInDialogs({ language })
  const { yaopai } = standInYaopai(options())
  const program = launch({
    wx: dialogs.wx,
    packages: { '@yaopai/miniprogram': { createYaopai: () => yaopai } },
  })
  const page = await program.open(path)
  await act?.(page)
  for (const isDark of [false, true]) {
    const title = dialogs.titles.at(-1) ?? ''
    const file = join(folder, `${name}-${isDark ? 'dark' : 'light'}`)
    writeFileSync(`${file}.html`, documentOf(page, { path, title, isDark }))
    shoot(`${file}.html`, `${file}.png`)
  }
  page.close()
}
process.exit(0)

function shoot(from: string, to: string): void {
  const { status, stderr } = spawnSync(process.env['CHROMIUM'] ?? 'chromium', [
    '--headless',
    '--no-sandbox',
    '--hide-scrollbars',
    '--force-device-scale-factor=2',
    `--window-size=${SCREEN.width},${SCREEN.height}`,
    `--screenshot=${to}`,
    from,
  ])
  if (status !== 0) throw new Error(`Chromium drew no ${to}: ${stderr}`)
}
