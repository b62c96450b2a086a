import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import fc from 'fast-check'
import type { Arrow, Station } from '../../lib/conversation/arrow.ts'
import { sampleConversation } from '../test-support/sample.ts'
import { measuresFor } from './lanes.ts'
import { type Layout, layOut } from './layout.ts'
import { BREAK_AFTER_MS, ROW_HEIGHT } from './placement.ts'
import { guessWidth } from './segments.ts'

const STATIONS: Station[] = [
  { id: 'operator', kind: 'operator' },
  { id: 'http://a', kind: 'back-end' },
  { id: 'wechat', kind: 'wechat' },
  { id: 'http://s', kind: 'server' },
  { id: 'phone:10', kind: 'mini-program' },
  { id: 'phone:2', kind: 'mini-program' },
]

const label = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom('POST /login ‹code 2›', '会话已失效 ‹token 1›'),
)

const anyArrows = fc
  .array(
    fc.record({
      part: fc.constantFrom('call', 'answer', 'note'),
      from: fc.constantFrom(...STATIONS.map(({ id }) => id)),
      to: fc.constantFrom(...STATIONS.map(({ id }) => id)),
      passedMs: fc.oneof(fc.nat(30), fc.nat(2000), fc.nat(90_000)),
      exchange: fc.nat(20),
      label,
    }),
    { maxLength: 60 },
  )
  .map((drafts) => {
    let elapsedMs = 0
    return drafts.map(({ passedMs, ...draft }, index): Arrow => {
      elapsedMs += passedMs
      return { ...draft, seq: index + 1, kind: 'wx.request', at: '2026-03-05T08:00:00.000Z', elapsedMs }
    })
  })

const anyInput = fc.record({
  arrows: anyArrows,
  width: fc.integer({ min: 280, max: 1600 }),
  scale: fc.constantFrom('order' as const, 'time' as const),
})

function draw({ arrows, width, scale }: { arrows: Arrow[]; width: number; scale: 'order' | 'time' }): Layout {
  return layOut({ conversation: { stations: STATIONS, arrows }, width, scale, measure: guessWidth })
}

describe('the layout of a conversation', () => {
  test('keeps the order, overlaps nothing, and leaves the picture nowhere', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { rows, lanes, width, height } = draw(input)
        assert.deepEqual(
          rows.map(({ arrow }) => arrow.seq),
          input.arrows.map(({ seq }) => seq),
        )
        for (const [index, row] of rows.entries()) {
          const before = rows[index - 1]
          if (before !== undefined) assert.ok(row.y - before.y >= ROW_HEIGHT - 1e-9)
          assert.ok(row.y >= row.trueY && row.y < height)
          assert.ok(row.fromX >= 0 && row.toX >= 0 && row.fromX < width && row.toX < width)
        }
        for (const [index, lane] of lanes.entries()) {
          const before = lanes[index - 1]
          if (before !== undefined) assert.ok(lane.x - before.x >= measuresFor(input.width).narrowestGap)
        }
      }),
    )
  })

  test('keeps every label inside of the picture', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { rows, width, gutter } = draw(input)
        for (const { label, labelX } of rows) {
          const end = label.at(-1)
          assert.ok(labelX >= gutter)
          assert.ok(labelX + (end === undefined ? 0 : end.x + end.width) <= width)
        }
      }),
    )
  })

  test('stands an arrow at its true moment as soon as there is room', () => {
    fc.assert(
      fc.property(anyArrows, fc.integer({ min: 280, max: 1600 }), (arrows, width) => {
        const { rows } = draw({ arrows, width, scale: 'time' })
        for (const [index, row] of rows.entries()) {
          const before = rows[index - 1]
          if (before === undefined || row.trueY - before.y >= ROW_HEIGHT) assert.equal(row.y, row.trueY)
        }
      }),
    )
  })

  test('draws equal times at equal lengths, and a long silence as a break that says how long', () => {
    const at = (seq: number, elapsedMs: number): Arrow => ({
      seq,
      exchange: seq,
      part: 'call',
      kind: 'wx.request',
      from: 'phone:2',
      to: 'http://s',
      at: '',
      elapsedMs,
      label: '',
    })
    const arrows = [at(1, 0), at(2, 500), at(3, 1000), at(4, 1000 + 60_000)]
    const { rows, breaks } = draw({ arrows, width: 800, scale: 'time' })
    const [first = 0, second = 0, third = 0, fourth = 0] = rows.map(({ y }) => y)
    assert.equal(second - first, third - second)
    assert.deepEqual(
      breaks.map(({ lastedMs }) => lastedMs),
      [60_000],
    )
    assert.ok(fourth - third < second - first)
    assert.ok(breaks.every(({ y, lastedMs }) => lastedMs > BREAK_AFTER_MS.time && y > third && y < fourth))
  })

  test('orders the lines as a login walks: phones by number, server, WeChat, back end; notes have no line', () => {
    const { lanes } = layOut({
      conversation: sampleConversation(),
      width: 900,
      scale: 'order',
      measure: guessWidth,
    })
    assert.deepEqual(
      lanes.map(({ station }) => station.kind),
      ['mini-program', 'mini-program', 'server', 'wechat', 'back-end'],
    )
    const all = STATIONS.map(({ id }, index): Arrow => ({ ...sampleArrow(index), from: id, to: 'wechat' }))
    const ids = draw({ arrows: all, width: 900, scale: 'order' }).lanes.map(({ station }) => station.id)
    assert.deepEqual(ids, ['phone:2', 'phone:10', 'http://s', 'wechat', 'http://a', 'operator'])
  })

  test('draws a bar for as long as somebody works on a call, and none for an answer that never came', () => {
    const { bars, rows } = layOut({
      conversation: sampleConversation(),
      width: 900,
      scale: 'order',
      measure: guessWidth,
    })
    assert.equal(bars.length, rows.filter(({ arrow }) => arrow.part === 'answer').length)
    const open = sampleConversation().arrows.slice(0, 3)
    assert.equal(draw({ arrows: [...open], width: 900, scale: 'order' }).bars.length, 1)
  })
})

function sampleArrow(index: number): Arrow {
  const [first] = sampleConversation().arrows
  assert.ok(first)
  return { ...first, seq: index + 1, exchange: index + 1 }
}
