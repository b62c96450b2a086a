const hearing = require('../../lib/hear.js')

const CITIES = { east: ['Shanghai', 'Hangzhou'], south: ['Guangzhou', 'Shenzhen', 'Zhuhai'] }

hearing({
  data: {
    fruits: [{ name: 'apple' }, { name: 'pear' }, { name: 'plum' }],
    columns: [Object.keys(CITIES), CITIES.east],
    at: [0, 1],
    rows: ['one', 'two', 'three', 'four'],
    turned: [1, 2],
  },
  turn(event) {
    this.hear(event)
    if (event.detail.column !== 0) return
    const [areas] = this.data.columns
    this.setData({ columns: [areas, CITIES[areas[event.detail.value]]], at: [event.detail.value, 0] })
  },
  toFour() {
    this.setData({ turned: [3, 0] })
  },
})
