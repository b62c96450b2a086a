import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import fc from 'fast-check'
import { chosen, daysIn, timeColumns } from './picker-dates.ts'
import { columnsFor, detailOf, type PickerData, pickedValue } from './picker-model.ts'

const picker = (data: Partial<PickerData>): PickerData => ({
  mode: 'selector',
  range: [],
  rangeKey: '',
  value: null,
  start: '',
  end: '',
  fields: 'day',
  level: 'region',
  customItem: '',
  today: '2026-03-04',
  ...data,
})

describe('a selector', () => {
  test('shows the words of its range, and stands at its value', () => {
    assert.deepEqual(columnsFor(picker({ range: ['a', 'b'], value: '1' })), { labels: [['a', 'b']], at: [1] })
    const range = [{ name: 'x' }, { name: 'y' }, null]
    assert.deepEqual(columnsFor(picker({ range, rangeKey: 'name', value: 9 })), {
      labels: [['x', 'y', '']],
      at: [2],
    })
  })

  test('with several columns takes an index for each, and the first row where it is told none', () => {
    const data = picker({ mode: 'multiSelector', range: [['a', 'b'], ['c'], 'no column'], value: [1, 5] })
    assert.deepEqual(columnsFor(data), { labels: [['a', 'b'], ['c'], []], at: [1, 0, 0] })
  })
})

describe('a time', () => {
  test('keeps within start and end', () => {
    const columns = timeColumns('09:01', '09:30', '11:15')
    assert.deepEqual(columns.labels[0], ['09', '10', '11'])
    assert.deepEqual(chosen(columns), ['09', '30'])
    assert.deepEqual(timeColumns('11:00', '09:30', '11:15').labels[1]?.at(-1), '15')
  })

  test('reads what is no time as midnight', () => {
    assert.deepEqual(chosen(timeColumns('soon', '', '')), ['00', '00'])
  })
})

describe('a date', () => {
  test('has as many days as its month', () => {
    assert.equal(daysIn(2024, 2), 29)
    assert.equal(daysIn(2026, 2), 28)
    const columns = columnsFor(picker({ mode: 'date', value: '2023-02-31' }))
    assert.deepEqual(chosen(columns), ['2023', '02', '28'])
  })

  test('stands at today where it has no value, and shows the fields that are asked for', () => {
    assert.equal(pickedValue('date', columnsFor(picker({ mode: 'date' }))), '2026-03-04')
    assert.equal(pickedValue('date', columnsFor(picker({ mode: 'date', fields: 'month' }))), '2026-03')
    assert.equal(pickedValue('date', columnsFor(picker({ mode: 'date', fields: 'year' }))), '2026')
  })

  test('never goes past start and end', () => {
    const days = fc
      .date({ min: new Date('1950-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    fc.assert(
      fc.property(days, days, days, (value, one, other) => {
        const [start = '', end = ''] = [one, other].sort()
        const shown = String(pickedValue('date', columnsFor(picker({ mode: 'date', value, start, end }))))
        assert.ok(shown >= start && shown <= end, `${shown} within ${start} and ${end}`)
        if (value >= start && value <= end) assert.equal(shown, value)
      }),
    )
  })
})

describe('a region', () => {
  test('says names, codes and the postcode', () => {
    const columns = columnsFor(picker({ mode: 'region', value: ['广东省', '深圳市', '南山区'] }))
    const value = pickedValue('region', columns)
    assert.deepEqual(detailOf('region', value), {
      value: ['广东省', '深圳市', '南山区'],
      code: ['440000', '440300', '440305'],
      postcode: '518000',
    })
  })

  test('begins at the first of each, and ends at the level that is asked for', () => {
    const columns = columnsFor(picker({ mode: 'region', level: 'city' }))
    assert.deepEqual(pickedValue('region', columns), ['北京市', '北京市'])
  })

  test('has the custom row before all, with nothing within it', () => {
    const columns = columnsFor(
      picker({ mode: 'region', customItem: '全部', value: ['广东省', '全部', '全部'] }),
    )
    assert.deepEqual(columns.labels[2], ['全部'])
    const value = pickedValue('region', columns)
    assert.deepEqual(value, ['广东省', '全部', '全部'])
    assert.deepEqual(detailOf('region', value)['code'], ['440000'])
  })
})
