import assert from 'node:assert/strict'
import test from 'node:test'
import { paletteOf, portableCss } from './portable-css.ts'

test('an exported picture carries its colours, for light and for dark, and needs no style sheet', () => {
  const palette = paletteOf(
    ':root { --ink: light-dark(#111, rgb(1 2 3)); --line:light-dark(rgb(9 9 9 / 20%),#eee) }',
  )
  const css = portableCss(
    ['.dg-text { fill: var(--ink); }', '.dg-line { fill: none; stroke: var(--line); }', '.x { r: 2px; }'],
    palette,
  )
  assert.equal(
    css,
    `.dg-text { fill: #111; }
.dg-line { fill: none; stroke: rgb(9 9 9 / 20%); }
.x { r: 2px; }
@media (prefers-color-scheme: dark) {
.dg-text { fill: rgb(1 2 3); }
.dg-line { fill: none; stroke: #eee; }
}`,
  )
  assert.doesNotMatch(css, /var\(/)
})
