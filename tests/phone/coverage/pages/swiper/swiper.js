const hearing = require('../../lib/hear.js')

hearing({
  data: { slides: ['one', 'two', 'three'], current: 0, isPlaying: false, x: 0 },
  toThree() {
    this.setData({ current: 2 })
  },
  play() {
    this.setData({ isPlaying: true })
  },
  played(event) {
    this.hear(event)
    if (event.detail.current === 0) this.setData({ isPlaying: false })
  },
  toRight() {
    this.setData({ x: 40 })
  },
})
