const hearing = require('../../lib/hear.js')

hearing({
  data: { rows: [1, 2, 3, 4, 5, 6], into: '', top: 0, isRefreshing: false },
  toFive() {
    this.setData({ into: 'row-5' })
  },
  toHundred() {
    this.setData({ top: 100 })
  },
  refresh(event) {
    this.hear(event)
    this.setData({ isRefreshing: true })
  },
  rest() {
    this.setData({ isRefreshing: false })
  },
})
