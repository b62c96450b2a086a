// Whether what is written can be read, by light and in the dark: WCAG 2.2, 1.4.3, contrast of 4.5 to 1.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import './testing/browser.ts'
import { asMembers, jsonOf, miniprogramRoot } from './testing/mini-program.ts'

const LEAST_CONTRAST = 4.5

/** What each colour of text may stand on. */
const GROUNDS: Readonly<Record<string, readonly string[]>> = {
  ink: ['bg', 'card'],
  'ink-2': ['bg', 'card'],
  jade: ['card', 'jade-soft'],
  'on-jade': ['jade'],
  cinnabar: ['bg', 'card', 'cinnabar-soft'],
  'on-cinnabar': ['cinnabar'],
  'on-badge': ['badge-from', 'badge-to'],
  'on-badge-2': ['badge-from', 'badge-to'],
  'on-gold': ['gold'],
}

const sheets = readdirSync(miniprogramRoot, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.wxss') && !file.includes('miniprogram_npm'))
  .map((file) => readFileSync(join(miniprogramRoot, file), 'utf8'))
const app = readFileSync(join(miniprogramRoot, 'app.wxss'), 'utf8')
const [light, dark] = [...app.matchAll(/page \{([^}]*)\}/g)].map(([, rules = '']) => coloursIn(rules))

for (const [theme, colours] of Object.entries({ light, dark })) {
  test(`every text can be read in the ${theme} theme`, () => {
    assert.ok(colours)
    for (const [text, grounds] of Object.entries(GROUNDS)) {
      for (const ground of grounds) {
        const contrast = contrastOf(colours[text], colours[ground])
        assert.ok(contrast >= LEAST_CONTRAST, `${text} on ${ground}: ${contrast.toFixed(2)}`)
      }
    }
  })

  test(`WeChat’s own bar has the page’s colour in the ${theme} theme`, () => {
    const { navBackground, background, navText } = asMembers(jsonOf('theme.json')[theme])
    assert.deepEqual([navBackground, background], [colours?.['bg'], colours?.['bg']])
    assert.equal(navText, theme === 'dark' ? 'white' : 'black')
  })
}

test('both themes name the same colours, and the pages use names alone', () => {
  assert.ok(light && dark)
  assert.deepEqual(Object.keys(dark), Object.keys(light))
  const used = sheets.flatMap((sheet) =>
    [...sheet.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => String(name)),
  )
  const named = [...app.matchAll(/--([\w-]+):/g)].map(([, name]) => String(name))
  assert.deepEqual([...new Set(used)].sort(), [...new Set(named)].sort())
  const bare = sheets.flatMap(
    (sheet) => sheet.replace(/--[\w-]+:[^;]*;/g, '').match(/#[0-9a-f]{3,8}\b|rgba?\(/gi) ?? [],
  )
  assert.deepEqual(bare, [])
})

test('every colour that text has is among those that are measured', () => {
  const texts = sheets.flatMap((sheet) =>
    [...sheet.matchAll(/(?<![\w-])color: ([^;]+);/g)].map(([, colour]) => colour),
  )
  assert.deepEqual(
    [...new Set(texts)].sort(),
    Object.keys(GROUNDS)
      .map((name) => `var(--${name})`)
      .sort(),
  )
})

test('the measure is the one of WCAG', () => {
  assert.equal(contrastOf('#000000', '#ffffff'), 21)
  assert.equal(contrastOf('#777777', '#ffffff').toFixed(2), '4.48')
})

function coloursIn(rules: string): Record<string, string> {
  return Object.fromEntries(
    [...rules.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
  )
}

function contrastOf(one: string | undefined, other: string | undefined): number {
  assert.ok(one && other)
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** Relative luminance of `#rrggbb`. */
function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
